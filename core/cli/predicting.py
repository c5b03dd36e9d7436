"""The command predict: images, and whole folders of them, a few at a time; to a table as well."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from PIL import Image

from core import datasets, names, natural, privacy, runs, spreadsheets
from core.batch_predictions import tables
from core.cli import catalogue, following, training
from core.cli.arguments import Parser
from core.cli.console import Console, one_line
from core.cli.numeric import answered
from core.cli.writing import refusing
from core.errors import Problem, UserError
from core.images import pixels
from core.ingest.layouts.folders import PICTURES
from core.judging import shares
from core.judging.numbers import answering
from core.models.original import readable
from core.records import LearnedTarget, Prediction, Run, Score
from core.runs.inference import Engine
from core.words import Message, enumeration, mark, nsay, render, say, translate
from core.workspace import Workspace

AT_ONCE = 64  # images in one question, so that a folder of any size takes little memory
Row = dict[str, Any]  # what programs read of an image
_SHOWN = 20  # names of files that are no images; more are counted


@dataclass(frozen=True, slots=True)
class FoundImages:
    """What was asked about: images in order, and files in the folders that are none."""

    images: tuple[Path, ...]
    others: tuple[Path, ...] = ()


def add_predict(sub: Parser) -> None:
    training.add_run(sub)
    what = mark("images, or folders of them: all images in a folder and its sub-folders")
    sub.add_argument("files", nargs="+", type=Path, metavar="FILE", help=what)
    table = mark("write a table of all answers as well: CSV, or a workbook where it ends in .xlsx")
    sub.add_argument("--csv", type=Path, metavar="OUT", help=table)
    before = mark(
        "say as well what the network named before it learned these classes: the likeliest of the "
        "1,000 classes of ImageNet; its head is downloaded where it is not here"
    )
    sub.add_argument("--original", action="store_true", help=before)


def predict(options: argparse.Namespace, console: Console) -> bool:
    """Name what is in images, and which of them cannot be read."""
    ws, found = Workspace(options.workspace), find_images(options.files)
    run = following.open_finished(ws, options.run_id, console)
    if options.original:
        catalogue.fetch_original(run.config, console)
    engine, rows, failed = Engine(ws), list[Row](), False
    known = file_names(ws, run) if console.as_json else {}
    target = run.card.target if run.card else None
    try:
        with _table(ws, options, console.language) as note:
            asked = _answers(engine, options.run_id, found.images, original=options.original)
            for done, (p, before) in enumerate(asked, start=1):
                failed = failed or p.problem is not None
                show(p, console, before, target)
                note(p)
                if console.as_json:
                    row = _row(p, known, console.language, before)
                    rows.append(row | answered.beyond(p, target))
                if not sys.stdout.isatty():  # else the answers show how far it is
                    console.progress(f"{done} / {len(found.images)}")
    finally:
        engine.close()
    name_others(found.others, console)
    others = {"not_images": [str(path) for path in found.others]} if found.others else {}
    table = {"table": str(options.csv)} if options.csv else {}
    console.result({"predictions": rows, **others, **table})
    return failed


@contextmanager
def _table(
    ws: Workspace, options: argparse.Namespace, language: str
) -> Iterator[Callable[[Prediction], None]]:
    """Give what notes an answer in the table that was asked for, whole or not at all."""
    card = runs.get(ws, options.run_id).card
    if options.csv is None or card is None:
        yield lambda answer: None
        return
    if options.csv.is_dir():
        raise refusing.is_folder(options.csv)
    options.csv.parent.mkdir(parents=True, exist_ok=True)
    with spreadsheets.written(options.csv, translate(tables.TITLE, language)) as table:
        told = card.labels, language, card.target
        table.row(tables.columns(*told))
        yield lambda answer: table.row(tables.cells(answer, *told))
    privacy.share(options.csv)


def find_images(asked: Sequence[Path]) -> FoundImages:
    """Find the images: files as they are named, and in folders all that are images, by name.

    Raises `UserError` where there is none.
    """
    images, others = list[Path](), list[Path]()
    for path in asked:
        if not path.is_dir():
            images.append(path)  # what is wrong with it is said when it is read
            continue
        for file in _files(path):
            (images if _is_image(file) else others).append(file)
    if not images:
        raise refusing.no_image(asked)
    return FoundImages(tuple(images), tuple(others))


def _files(folder: Path) -> Iterator[Path]:
    """List a folder and its sub-folders as people count; what systems leave behind is left out."""
    found = [
        (Path(parent, name).relative_to(folder).parts)
        for parent, _, files in os.walk(folder)
        for name in files
    ]
    kept = [parts for parts in found if not names.is_junk(parts)]
    for parts in sorted(kept, key=lambda parts: [natural.sort_key(part) for part in parts]):
        yield folder.joinpath(*parts)


def _is_image(path: Path) -> bool:
    """Tell by its name, else by what is in it, whether a file should be an image."""
    if not path.is_file():  # a pipe, a link to nowhere
        return False
    return path.name.lower().endswith(PICTURES) or _begins_as_one(path)


def _begins_as_one(path: Path) -> bool:
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(path, formats=[kind for kind in pixels.FORMATS if kind != "HEIF"]),
        ):
            return True
    except Image.DecompressionBombError:  # an image, which the engine refuses with a reason
        return True
    except Exception:  # decoders raise what they like
        return False


def answers(engine: Engine, run_id: str, images: Iterable[Path]) -> Iterator[Prediction]:
    """Ask about images, a few at a time, in their order."""
    return (answer for answer, _ in _answers(engine, run_id, images))


def _answers(
    engine: Engine, run_id: str, images: Iterable[Path], *, original: bool = False
) -> Iterator[tuple[Prediction, Prediction | None]]:
    """Ask the ``original`` network as well."""
    source = iter(images)
    while some := tuple(islice(source, AT_ONCE)):
        before = engine.predict_original(run_id, some) if original else [None] * len(some)
        yield from zip(engine.predict(run_id, some), before, strict=True)


def show(
    p: Prediction,
    console: Console,
    before: Prediction | None = None,
    target: LearnedTarget | None = None,
) -> None:
    """Print what is in an image, or why it cannot be read; and what it was named ``before``."""
    if p.problem:
        console.complain(UserError.of(_placed(p.problem, p.file)))
    elif not console.as_json:
        share = render(shares.percent(p.confidence), console.language)
        named = f"{p.label}  {share}"
        if target is not None:
            named = render(answering.answer(p, target), console.language)
        if p.unknown:
            told = say("not like anything it learned (nearest: {label})", label=p.label)
            named = render(told, console.language)
        print(f"{p.file}  {named}", flush=True)
        if before is not None:
            print(f"    {render(_before(before), console.language)}", flush=True)


def _before(answer: Prediction) -> Message:
    named = [
        say("{label} {share}", label=readable(s.label), share=shares.percent(s.probability))
        for s in answer.scores
    ]
    return say("the original network: {names}", names=enumeration(named))


def _placed(problem: Problem, path: str) -> Problem:
    """Name an image by its path: in sub-folders, many may have one name."""
    values = ((name, path if name == "file" else value) for name, value in problem.what.values)
    return replace(problem, what=replace(problem.what, values=tuple(values)))


def file_names(ws: Workspace, run: Run) -> dict[str, str]:
    """Give the names that images came with, by their content; of a deleted data set none."""
    with suppress(UserError):
        known = datasets.images(ws, run.config.dataset_id, run.config.dataset_version)
        return {image.content: image.file for image in known}
    return {}


def _row(p: Prediction, known: Mapping[str, str], language: str, before: Prediction | None) -> Row:
    """Give what programs read; ``known``: files of training images by content."""
    if p.problem:
        return {"file": p.file, "error": UserError.of(p.problem).render(language)}
    if p.number is not None:
        before_row = {"original": [_score(score) for score in before.scores]} if before else {}
        return {**answered.row(p, known), **before_row}
    return {
        "file": p.file,
        "label": p.label,
        "confidence": p.confidence,
        "scores": {score.label: score.probability for score in p.scores},
        "unknown": p.unknown,
        "similarity": p.similarity,
        "similar": [known.get(content, content) for content in p.similar],
        **({"original": [_score(score) for score in before.scores]} if before else {}),
    }


def _score(score: Score) -> Row:
    return {"name": score.label, "probability": score.probability}


def name_others(others: Sequence[Path], console: Console) -> None:
    """Name the files that are no images: they were left out, which is no failure."""
    if not others:
        return
    left = nsay("{num} file is no image:", "{num} files are no images:", num=len(others))
    console.note(render(left, console.language))
    for path in others[:_SHOWN]:
        console.note(f"  {one_line(str(path))}")
    if len(others) > _SHOWN:
        console.note("  …")
