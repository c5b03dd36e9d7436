"""Commands about data sets: sample, ingest, datasets, delete-dataset."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core import datasets, privacy, runs, studies
from core.cli import trashing
from core.cli.arguments import Parser
from core.cli.console import Console
from core.cli.numeric import bringing
from core.images import sample as pictures
from core.images.tiff_messages import CHOICES
from core.ingest import masks, requests
from core.ingest.archives import encodings
from core.ingest.grouping import rules
from core.judging.numbers import written
from core.records import Dataset, Verdict
from core.records.imports import Options
from core.words import mark, nsay, render, say
from core.workspace import Workspace

INGEST_OPTIONS = (
    ("--name", "NAME", mark("what to call the data set (default: as the folder or archive)")),
    (
        "--label",
        "CLASS",
        mark("the one class of all these images (default: as folders or a list say)"),
    ),
    (
        "--names",
        "ENCODING",
        mark("encoding of the names in an archive, such as gbk (default: Thaw finds out)"),
    ),
    (
        "--add-to",
        "DATASET_ID",
        mark("add to this data set, as a new version (default: make a new data set)"),
    ),
)
LEVELS = ("top", "bottom", "2", "3")
LIST_OPTIONS = (
    (
        "--several-labels",
        ("first", "combine", "refuse"),
        mark(
            "of an image to which a list gives several labels: take the first, all together as a "
            "class, or leave the image out (default: Thaw guesses, and says so)"
        ),
    ),
    (
        "--numbers",
        ("classes", "refuse"),
        mark(
            "numbers in a list that may be measurements: take each as a class, or refuse them "
            "(default: Thaw guesses, and says so)"
        ),
    ),
    (
        "--boxes",
        ("largest", "refuse"),
        mark(
            "of a list that marks boxes: take the class of the largest, where all boxes of an "
            "image agree, or refuse it (default: refuse)"
        ),
    ),
)


def add_nothing(sub: Parser) -> None:
    """A command without options of its own."""


def add_sample(sub: Parser) -> None:
    where = mark("folder to draw it into (default: beside the data sets)")
    sub.add_argument("--out", type=Path, default=None, metavar="DIR", help=where)


def sample(options: argparse.Namespace, console: Console) -> bool:
    """Unpack the sample; without ``--out`` beside the data sets of the workspace."""
    folder = options.out or options.workspace / "sample"
    with privacy.as_user() if options.out else nullcontext():
        classes = pictures.write(folder)
    console.say(say("The sample lies in {folder}.", folder=str(folder)))
    console.result({"path": str(folder), "classes": list(classes)})
    return False


def add_ingest(sub: Parser) -> None:
    for option, metavar, sentence in INGEST_OPTIONS:
        sub.add_argument(option, default="", metavar=metavar, help=sentence)
    paths = mark("folders with one sub-folder per class, a ZIP or TAR of one, or single images")
    sub.add_argument("paths", type=Path, nargs="+", metavar="PATH", help=paths)
    group = mark(
        "images to keep in one part of the split, as copies of one photo always are. "
        "column:NAME: those with the same value in this column of a list; pattern:TEXT: those "
        "whose names begin with the same text, where a star stands for any text, as in "
        "'pattern:patient*_'; prefix: those whose names are alike up to the last number; folder: "
        "those of one sub-folder; versions: those whose names differ in words such as flip or "
        "rotated; level: those of one folder of the level that is not the class; "
        "time: those of one class taken within a minute of each other; none: no others (default: "
        "none, and what seems to belong together is named)"
    )
    sub.add_argument("--group-by", default="", metavar="WAY", help=group)
    level = mark(
        "which folders are the classes where folders lie in folders: the outer ones, the inner "
        "ones, or those of a level from the top (default: the likelier, and it is said)"
    )
    sub.add_argument("--classes", choices=LEVELS, default="", help=level)
    drawn = mark(
        "pictures that look like masks of the photographs beside them. leave-out: leave them out; "
        "take: learn from them as from others (default: the likelier, and it is said)"
    )
    sub.add_argument("--masks", choices=masks.CHOICES, default="", help=drawn)
    many = mark(
        "TIFF pictures of many bands that do not say which are red, green and blue, as scientific "
        "cameras write them. first: take the first three; refuse: leave them out (default: refuse)"
    )
    sub.add_argument("--bands", choices=CHOICES, default="", help=many)
    bringing.add_target(sub)
    for option, choices, sentence in LIST_OPTIONS:
        sub.add_argument(option, choices=choices, default="", help=sentence)
    seed = mark("another number divides the images in another way (default: 0)")
    sub.add_argument("--seed", type=int, default=0, metavar="N", help=seed)


def ingest(options: argparse.Namespace, console: Console) -> bool:
    """Bring images in and say what became of every file."""
    if options.names:
        encodings.check(options.names)
    rules.check(options.group_by)
    how = Options(
        label=options.label,
        classes=options.classes,
        group_by=options.group_by,
        bands=options.bands,
        masks=options.masks,
        encoding=options.names,
        dataset_id=options.add_to,
        several_labels=options.several_labels,
        numbers=options.numbers,
        boxes=options.boxes,
        target=bringing.target(options.target),
        seed=options.seed,
    )
    ws = Workspace(options.workspace)
    dataset = bring_in(ws, options.paths, options.name, console, how)
    console.result(summary(ws, dataset, console.language))
    return False


def bring_in(
    ws: Workspace,
    paths: Sequence[Path],
    name: str,
    console: Console,
    how: Options | None = None,
) -> Dataset:
    """Ingest paths with progress, and tell people what was taken."""
    dataset = requests.run(
        ws,
        requests.begin(ws, name),
        source=paths[0],
        beside=paths[1:],
        options=how,
        report=lambda state: console.progress(f"{state.done} / {state.total}"),
    )
    console.say(
        say(
            "Data set {dataset}: {images}, {classes}.",
            dataset=dataset.id,
            images=nsay("{num} image", "{num} images", num=dataset.num_images),
            classes=written.span(dataset.target)
            if dataset.target
            else nsay("{num} class", "{num} classes", num=len(dataset.classes)),
        )
    )
    for warning in dataset.warnings:
        console.say(warning)
    if not console.as_json:
        for row in _refused(ws, dataset, console.language):
            console.note(f"  {row['file']}: {row['reason']}")
    return dataset


def _refused(ws: Workspace, dataset: Dataset, language: str) -> list[dict[str, str]]:
    reports = datasets.report(ws, dataset.id)
    return [
        {"file": r.file, "reason": render(r.reason, language) if r.reason else ""}
        for r in reports
        if r.verdict is Verdict.REFUSED
    ]


def summary(ws: Workspace, dataset: Dataset, language: str) -> Mapping[str, Any]:
    """Describe a data set for programs."""
    return {
        "dataset_id": dataset.id,
        "name": dataset.name,
        "task": dataset.task.name,
        "classes": {c.name: c.count for c in dataset.listed},
        **({"target": asdict(dataset.target)} if dataset.target else {}),
        "accepted": dataset.num_images,
        "refused": _refused(ws, dataset, language),
        "junk": dataset.num_junk,
        "warnings": [render(w, language) for w in dataset.warnings],
    }


def list_datasets(options: argparse.Namespace, console: Console) -> bool:
    """List the data sets, newest first."""
    found = datasets.all_datasets(Workspace(options.workspace))
    if not console.as_json:
        for d in found:
            print(
                f"{d.id}  {d.num_images:>6}  {d.name}  ({bringing.contents(d, console.language)})"
            )
    rows = [{"dataset_id": d.id, "name": d.name, "images": d.num_images} for d in found]
    console.result({"datasets": rows})
    return False


def add_dataset(sub: Parser) -> None:
    which = mark("id of the data set; 'python -m core datasets' lists them")
    sub.add_argument("dataset_id", metavar="DATASET_ID", help=which)


def add_delete_dataset(sub: Parser) -> None:
    add_dataset(sub)
    trashing.add_now(sub)


def delete_dataset(options: argparse.Namespace, console: Console) -> bool:
    """Put a data set into the trash or delete it for good; say which runs wait for its images."""
    ws = Workspace(options.workspace)
    datasets.delete(ws, options.dataset_id)
    for learning_from in (runs.learning_from, studies.learning_from):
        if busy := learning_from(ws, options.dataset_id):
            console.say(busy)
    trashing.finish(ws, options, console, options.dataset_id)
    return False
