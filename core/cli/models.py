"""Commands about models: test, export, demo."""

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
from core.exports import bundle
from core.images import sample
from core.insights import score_texts
from core.judging import shares
from core.models.catalog import EXPORT_FORMATS
from core.records import Split
from core.runs import quick
from core.runs.inference import Engine
from core.words import mark, nsay, say
from core.workspace import Workspace


def test(options: argparse.Namespace, console: Console) -> bool:
    """Judge a run on the images kept apart for that, and say how often they were looked at."""
    engine = Engine(Workspace(options.workspace))
    try:
        found = engine.test(options.run_id)
    finally:
        engine.close()
    console.say(say("Test accuracy: {score}.", score=score_texts.short(found.test)))
    console.say(score_texts.behind(found.test))
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
    kinds = listed(EXPORT_FORMATS, default="keras")
    sub.add_argument("--format", choices=EXPORT_FORMATS, default="keras", help=kinds)
    out = mark("file to write, such as model.keras or model.zip; must be given")
    sub.add_argument("--out", type=Path, required=True, metavar="PATH", help=out)


def export(options: argparse.Namespace, console: Console) -> bool:
    """Write a run's model to a file."""
    ws = Workspace(options.workspace)
    with privacy.as_user():
        done = bundle.export(ws, options.run_id, format=options.format, out=options.out)
    console.say(say("Wrote {path} ({size} bytes).", path=done.path, size=done.num_bytes))
    console.result(asdict(done))
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
