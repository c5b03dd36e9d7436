"""The command explain: where in a picture a model sees a class."""

import argparse
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core import files, privacy, runs
from core.cli import training
from core.cli.arguments import Parser
from core.cli.console import Console
from core.cli.numeric import explaining
from core.errors import UserError
from core.images import heat, pixels
from core.insights import shortcuts
from core.judging import shares
from core.records import Explanation, PicturePart
from core.runs.inference import Engine
from core.words import mark, say
from core.workspace import Workspace


def add_explain(sub: Parser) -> None:
    training.add_run(sub)
    image = mark("an image; not with --class")
    sub.add_argument("file", type=Path, nargs="?", metavar="FILE", help=image)
    whole = mark("a class: where it is seen on average over its validation images")
    sub.add_argument("--class", dest="of_class", default="", metavar="NAME", help=whole)
    which = mark("the class to look for (default: the one the model names)")
    sub.add_argument("--label", default="", metavar="NAME", help=which)
    occlude = mark(
        "cover part after part and see what is lost; with four numbers, cover that part alone and "
        "predict again: left, top, right and bottom edge in percent, such as 0 0 50 100"
    )
    sub.add_argument("--occlude", nargs="*", type=float, metavar="PERCENT", help=occlude)
    out = mark("file to write the picture to, such as heat.png; must be given")
    sub.add_argument("--out", type=Path, required=True, metavar="PATH", help=out)


def explain(options: argparse.Namespace, console: Console) -> bool:
    """Write a picture of where a class is seen, and say how likely it is. Raises `UserError`."""
    if bool(options.of_class) == (options.file is not None):
        raise _both_or_none()
    if options.of_class:
        return _explain_class(options, console)
    box = _box(options.occlude)
    with closing(Engine(Workspace(options.workspace))) as engine:
        found = engine.explain(
            options.run_id,
            options.file,
            options.label,
            occlude=options.occlude is not None and box is None,
            cover=box,
        )
    card = runs.get(Workspace(options.workspace), options.run_id).card
    assert card is not None
    bands = card.bands
    picture = pixels.shrink(pixels.canonical(options.file.read_bytes(), bands))
    with privacy.as_user():
        files.write_bytes(options.out, heat.png(picture, found.heat, box))
    if card.target is not None:
        explaining.tell(found, card.target, options.out, console)
    else:
        _tell(found, options.out, console)
    return False


def _both_or_none() -> UserError:
    return UserError(
        say("One thing can be explained at a time: an image, or a class."),
        expected=say("A FILE, or --class NAME."),
        mend=say("Give one of them."),
    )


def _explain_class(options: argparse.Namespace, console: Console) -> bool:
    """Write where a class is seen on average, and say how much of it lies at the border."""
    ws = Workspace(options.workspace)
    with closing(Engine(ws)) as engine:
        found = engine.explain_class(options.run_id, options.of_class)
    card = runs.get(ws, options.run_id).card
    index = card.labels.index(found.label) if card is not None else 0
    with privacy.as_user():
        files.write_bytes(options.out, ws.run(options.run_id).class_picture(index).read_bytes())
    sentences = [shortcuts.border_share(found), shortcuts.border_warning(found)]
    for sentence in filter(None, sentences):
        console.say(sentence)
    names = ("label", "images", "border", "even", "more", "p")
    row = {name: getattr(found, name) for name in names}
    at_border = {
        "is_at_border": found.is_at_border,
        "has_mark": found.has_spot,
        "mark": asdict(found.spot) if found.spot and found.has_spot else None,
    }
    console.result({"path": str(options.out), "method": "cam", **row, **at_border})
    return False


def _box(percent: list[float] | None) -> PicturePart | None:
    """Take four numbers for a part of the picture. Raises `UserError`."""
    if not percent:
        return None
    if len(percent) != 4:
        raise UserError(
            say("--occlude was given other than four numbers."),
            expected=say("Left, top, right and bottom edge, in percent from 0 to 100."),
            mend=say("Give all four, or none to cover part after part."),
        )
    left, top, right, bottom = (number / 100 for number in percent)
    return PicturePart(left=left, top=top, right=right, bottom=bottom)


def _tell(found: Explanation, out: Path, console: Console) -> None:
    console.say(
        say(
            "'{label}' with a probability of {share}. Where it is seen: {path}",
            label=found.label,
            share=shares.percent(found.probability()),
            path=str(out),
        )
    )
    row: dict[str, Any] = {
        "path": str(out),
        "label": found.label,
        "probability": found.probability(),
        "method": found.method,
        "milliseconds": found.milliseconds,
    }
    if found.covered:
        after, first = found.probability(covered=True), found.covered[0]
        console.say(
            say(
                "With that part covered: {share}. The likeliest is then '{label}'.",
                share=shares.percent(after),
                label=first.label,
            )
        )
        row["covered"] = {"label": first.label, "probability": after}
    console.result(row)
