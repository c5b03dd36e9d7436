"""Commands about models: test, export, export-setup, demo."""

import argparse
import contextlib
import time
from dataclasses import asdict
from pathlib import Path

from core import datasets, privacy, runs
from core.cli import following, training
from core.cli.arguments import Parser, listed
from core.cli.console import Console
from core.cli.data import bring_in
from core.cli.numeric import evaluating
from core.errors import UserError
from core.exports import environments, store, taking
from core.exports.browser import placing
from core.exports.bundles import making
from core.exports.code import packing
from core.exports.formats import ALIASES, BUNDLE, EXPORT_FORMATS
from core.exports.proving import proof
from core.exports.proving.gate import RefusedExportError
from core.images import sample
from core.insights import score_texts
from core.judging import shares
from core.records import Export, Split
from core.runs import quick
from core.runs.inference import Engine
from core.words import enumeration, mark, nsay, say
from core.workspace import Workspace


def test(options: argparse.Namespace, console: Console) -> bool:
    """Judge a run on the images kept apart for that, and say how often they were looked at."""
    engine = Engine(Workspace(options.workspace))
    try:
        found = engine.test(options.run_id)
    finally:
        engine.close()
    if found.test is not None:
        console.say(say("Test accuracy: {score}.", score=score_texts.short(found.test)))
        console.say(score_texts.behind(found.test))
    else:
        evaluating.say_score(Workspace(options.workspace), options.run_id, found.numbers, console)
    console.say(
        nsay(
            "The test part was opened {num} time.",
            "The test part was opened {num} times; each look makes its score less honest.",
            num=found.openings,
        )
    )
    console.result(asdict(found))
    return False


def add_export(sub: Parser) -> None:
    training.add_run(sub)
    kinds = listed({**EXPORT_FORMATS, **packing.FORMATS}, default="keras")
    choices = [*EXPORT_FORMATS, *packing.FORMATS, *ALIASES]
    sub.add_argument("--format", choices=choices, default="keras", metavar="FORMAT", help=kinds)
    out = mark("file to write, such as model.keras or model.zip; must be given")
    sub.add_argument("--out", type=Path, metavar="PATH", help=out)
    models = say(
        "formats of the models that a bundle holds (default: {usual}, as far as they can be made)",
        usual=enumeration(list(making.USUAL)),
    )
    sub.add_argument("--models", nargs="+", default=(), metavar="FORMAT", help=models)
    showing = mark("instead: list the formats, what they need, and what was made")
    sub.add_argument("--list", action="store_true", help=showing)


def export(options: argparse.Namespace, console: Console) -> bool:
    """Write a run's model to a file, once it was tried; or list the formats.

    Raises `UserError` where no place is named for it.
    """
    ws = Workspace(options.workspace)
    if options.list:
        _list_formats(ws, options.run_id, console)
        return False
    if options.out is None:
        raise UserError(
            say("The place for the file is missing."),
            expected=say("--out PATH says where it is written."),
            mend=say("Add --out, or --list to see the formats."),
        )
    format = ALIASES.get(options.format, options.format)
    if options.models and format != BUNDLE:
        raise UserError(
            say("The format '{format}' takes no --models.", format=format),
            expected=say("--models names what a bundle holds."),
            mend=say("Add --format bundle, or leave --models out."),
        )
    try:
        done = _exported(ws, options, format, console)
    except RefusedExportError as error:
        console.error(error)
        return True
    console.say(say("Wrote {path} ({size} bytes).", path=done.path, size=done.num_bytes))
    console.result(asdict(done))
    return False


def _exported(ws: Workspace, options: argparse.Namespace, format: str, console: Console) -> Export:
    run_id, out = options.run_id, options.out
    is_page = format in EXPORT_FORMATS and bool(EXPORT_FORMATS[format].folder)
    (placing if is_page else taking).check_place(out)
    if format in packing.FORMATS:
        with privacy.as_user():
            return packing.export(ws, run_id, format=format, out=out)
    if not EXPORT_FORMATS[format].is_proved:
        with privacy.as_user():
            return taking.export(ws, run_id, format=format, out=out)
    with contextlib.closing(Engine(ws)) as engine:
        if EXPORT_FORMATS[format].gathers:
            made = making.make(ws, run_id, options.models, engine, console.say)
        else:
            made = store.make(ws, run_id, format, engine, console.say)
    for sentence in (*proof.sentences(made), *proof.of_parts(made)):
        console.say(sentence)
    with privacy.as_user():
        return (placing if is_page else taking).copy(made, out)


def _list_formats(ws: Workspace, run_id: str, console: Console) -> None:
    """Say of each format what it is, whether it can be made, and how it did where it was."""
    taking.check_exported(ws, run_id)
    made = {one.format: one for one in store.listed(ws, run_id)}
    rows = []
    for name, entry in EXPORT_FORMATS.items():
        missing = environments.missing([entry])
        console.say(
            say(
                "{format}: {name}. {sentence} [{state}]",
                format=name,
                name=say(entry.title),
                sentence=say(entry.sentence),
                state=environments.state_of(entry),
            )
        )
        for sentence in proof.sentences(made[name]) if name in made else ():
            console.say(sentence)
        needs = [{"name": one.name, "megabytes": one.megabytes} for one in missing]
        kept = asdict(made[name]) if name in made else None
        rows.append({"format": name, "installed": not missing, "missing": needs, "made": kept})
    console.result({"formats": rows})


def add_export_setup(sub: Parser) -> None:
    wheels = mark("folder of wheels to take them from, where no package index can be reached")
    sub.add_argument("--wheels", type=Path, metavar="DIR", help=wheels)


def export_setup(options: argparse.Namespace, console: Console) -> bool:
    """Install what converts models and tries them, as far as it is missing."""
    needed = environments.missing(list(EXPORT_FORMATS.values()))
    megabytes = sum(one.megabytes for one in needed)
    if needed:
        console.say(say("About {megabytes} MB are downloaded, once.", megabytes=megabytes))
    environments.install(
        needed,
        lambda share, line: console.progress(f"{shares.percent(share)} {line}"),
        options.wheels,
    )
    console.say(say("All that exports need is installed: {path}", path=str(environments.home())))
    console.result({"installed": [one.name for one in needed], "path": str(environments.home())})
    return False


def add_demo(sub: Parser) -> None:
    training.add_preset(sub, default="quick")


def demo(options: argparse.Namespace, console: Console) -> bool:
    """Read the sample, train on it, ask about a picture that was not learned from; say how long."""
    ws, began = Workspace(options.workspace), time.monotonic()
    with contextlib.closing(Engine(ws)) as engine:
        dataset = bring_in(ws, [sample.FILE], "sample", console)
        seconds = [time.monotonic() - began]
        run_id = runs.create(ws, quick.configured(ws, dataset, preset=options.preset))
        engine.warm()
        if following.follow(ws, run_id, console):
            return True
        seconds.append(time.monotonic() - began)
        images = datasets.images(ws, dataset.id, dataset.version)
        unseen = next(image for image in images if image.split is Split.VALIDATION)
        answer = engine.predict(run_id, [datasets.image_path(ws, dataset.id, unseen)])[0]
        seconds.append(time.monotonic() - began)
    console.say(
        say(
            "An image of '{label}' is called '{answer}' with a probability of {share}.",
            label=unseen.label,
            answer=answer.label,
            share=shares.percent(answer.scores[0].probability),
        )
    )
    console.say(
        say(
            "Seconds from the start: {read:.1f} until the images were read, {trained:.1f} to the "
            "first model, {answered:.1f} to the first prediction.",
            read=seconds[0],
            trained=seconds[1],
            answered=seconds[2],
        )
    )
    return False
