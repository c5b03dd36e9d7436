"""A backbone of one's own: `train --backbone-file FILE`, and deleting it."""

import argparse
from pathlib import Path

from core import runs, studies
from core.backbones import bringing, store
from core.cli import trashing
from core.cli.arguments import Parser
from core.cli.console import Console
from core.errors import UserError
from core.insights import score_texts
from core.models import catalog
from core.records.backbones import PIXEL_RANGES, FoundModel, RangeTrial
from core.words import enumeration, mark, render, say
from core.workspace import Workspace


def add_file(sub: Parser) -> None:
    file = mark(
        "a .keras file of your own to build on; it is looked through before it is loaded, and kept "
        "in the workspace: 'python -m core backbones' lists it then"
    )
    sub.add_argument("--backbone-file", type=Path, default=None, metavar="FILE", help=file)
    pixels = mark(
        "the range of pixels that this file wants (default: what its own layers tell, else every "
        "range is tried on your images, and the best is taken)"
    )
    sub.add_argument("--pixels", choices=PIXEL_RANGES, default=None, help=pixels)


def bring(ws: Workspace, options: argparse.Namespace, version: int, console: Console) -> str:
    """Make a backbone of the file that was named, say what it is, and give its name.

    Raises `UserError` where the file is refused.
    """
    if options.backbone is not None:
        raise _both()
    console.say(say("Looking through {file}.", file=str(options.backbone_file)))
    key = bringing.begin(ws, options.backbone_file)
    try:
        brought, _ = bringing.facts(ws, key)
        pixels = options.pixels or brought.pixels
        _say_found(brought.found, console)
        if not pixels:
            console.say(say("Trying every range of pixels on your images."))
            trial = bringing.try_ranges(ws, key, options.dataset_id, version)
            pixels = trial.best
            _say_tried(trial, console)
        name = bringing.keep(ws, key, pixels=pixels)
    finally:
        bringing.drop(ws, key)
    own = catalog.backbone(name)
    console.say(
        say(
            "{name}: {num} blocks, {parameters} million parameters; pixels: {range}.",
            name=name,
            num=len(own.blocks),
            parameters=f"{own.parameters / 1e6:.2f}",
            range=say(PIXEL_RANGES[pixels].title),
        )
    )
    return name


def _say_found(found: FoundModel, console: Console) -> None:
    if found.cut_off:
        console.say(
            say(
                "What comes after its last feature map, and gives {num} numbers, was cut off.",
                num=found.cut_off,
            )
        )


def _say_tried(trial: RangeTrial, console: Console) -> None:
    for tried in trial.ranges:
        score = render(score_texts.short(tried.accuracy), console.language)
        title = say(PIXEL_RANGES[tried.pixels].title)
        console.say(say("{range}: {score}", range=title, score=score))
    if len(trial.tied) > 1:
        tied = enumeration([say(PIXEL_RANGES[tried.pixels].title) for tried in trial.tied])
        console.say(say("Your images cannot tell these apart: {ranges}.", ranges=tied))


def _both() -> UserError:
    return UserError(
        say("A backbone was named, and a file of another was given."),
        expected=say("One of them."),
        mend=say("Leave out --backbone or --backbone-file."),
    )


def add_delete(sub: Parser) -> None:
    name = mark("name of the backbone; 'python -m core backbones' lists them")
    sub.add_argument("backbone", metavar="NAME", help=name)
    trashing.add_now(sub)


def delete(options: argparse.Namespace, console: Console) -> bool:
    """Put a backbone of one's own into the trash, or delete it for good."""
    ws = Workspace(options.workspace)
    for learning_from in (runs.learning_from, studies.learning_from):
        if busy := learning_from(ws, options.backbone):
            console.say(busy)
    store.delete(ws, options.backbone)
    trashing.finish(ws, options, console, options.backbone)
    return False
