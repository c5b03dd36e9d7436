"""The command compare: what two runs differ in, and which images only one of them names rightly."""

import argparse
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from core import runs
from core.cli import predicting
from core.cli.arguments import Parser
from core.cli.console import Console, one_line
from core.cli.numeric import comparing as numeric
from core.errors import UserError
from core.insights.comparing import comparability, pairing
from core.insights.comparing.pairing import Change, Pairing
from core.models.setting_texts import SETTINGS
from core.records import Run, Split
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.runs.inference import Engine, check_finished
from core.words import Message, mark, nsay, render, say
from core.workspace import Workspace

_SHOWN = 20  # images of each kind that are printed; programs get all


def add_compare(sub: Parser) -> None:
    which = mark("id of the run that is A; 'python -m core runs' lists them")
    sub.add_argument("run_id", metavar="RUN_ID", help=which)
    other = mark("id of the run that is B, judged on the same images")
    sub.add_argument("other_id", metavar="RUN_ID", help=other)


def compare(options: argparse.Namespace, console: Console) -> bool:
    """Set two finished runs side by side; a model that left no answers is asked.

    Raises `UserError` where one names classes and the other says a number.
    """
    ws = Workspace(options.workspace)
    for run_id in (options.run_id, options.other_id):
        check_finished(ws, run_id)
    first, second = runs.get(ws, options.run_id), runs.get(ws, options.other_id)
    settings = pairing.differences(first.config, second.config)
    _print_settings(settings, console)
    if first.config.task != second.config.task:
        raise _other_task()
    if first.card and first.card.target:
        return numeric.compare(ws, first, second, settings, console)
    found, why_not = _pair(ws, first, second)
    for sentence in pairing.describe(found) if found else filter(None, [why_not]):
        console.say(sentence)
    names = predicting.file_names(ws, second)
    if found is not None:
        _print_images(found, names, console)
    console.result(
        {
            "task": "classification",
            "settings": [
                {"name": name, "label": render(_label(name), console.language), "a": a, "b": b}
                for name, a, b in settings
            ],
            **_as_json(found, names),
        }
    )
    return False


def _other_task() -> UserError:
    return UserError(
        say("One of the two runs names classes, and the other answers a number."),
        expected=say("Two runs of one kind."),
        mend=say("Choose another run."),
    )


def _pair(ws: Workspace, first: Run, second: Run) -> tuple[Pairing | None, Message | None]:
    """Give the answers of both side by side, or say why there are none to compare."""
    split = comparability.part(ws, first, second)
    if (why_not := comparability.why_not(first, second, split)) is not None:
        return None, why_not
    assert first.card is not None
    assert second.card is not None
    with contextlib.closing(Engine(ws)) as engine:
        before, after = (_answers(ws, engine, run, split) for run in (first, second))
    if before is None or after is None:
        return None, pairing.unanswered()
    return pairing.pair(before, after, (first.card, second.card), split), None


def _answers(ws: Workspace, engine: Engine, run: Run, split: Split) -> PartPredictions | None:
    """Give the answers to a part; a model that left none to its validation images is asked."""
    if split is Split.TEST:
        return predictions.read(ws.run(run.id), split)
    with contextlib.suppress(UserError):
        return engine.answers(run.id)
    return None  # the images are gone


def _as_json(found: Pairing | None, names: Mapping[str, str]) -> dict[str, Any]:
    if found is None:
        nothing: dict[str, Any] = {"fixed": [], "broke": [], "p_value": None, "part": None}
        return {**nothing, "images": 0, "optimistic": False}
    return {
        "fixed": [names.get(change.content, change.content) for change in found.fixed],
        "broke": [names.get(change.content, change.content) for change in found.broke],
        "p_value": found.paired.p,
        "part": found.split.value,
        "images": found.images,
        "optimistic": found.is_optimistic,
    }


def _print_settings(settings: Sequence[tuple[str, Any, Any]], console: Console) -> None:
    for name, a, b in settings:
        console.say(
            say("{label} ({name}): A {a}, B {b}", label=_label(name), name=name, a=str(a), b=str(b))
        )
    if not settings:
        console.say(say("The two runs have the same settings."))


def _label(name: str) -> Message:
    """Call a setting as the pages do."""
    return say(SETTINGS[name]) if name in SETTINGS else say("{item}", item=name)


def _print_images(found: Pairing, names: Mapping[str, str], console: Console) -> None:
    if console.as_json:
        return
    for changes in (found.fixed, found.broke):
        for change in changes[:_SHOWN]:
            print(_line(change, names))
        if len(changes) > _SHOWN:
            rest = len(changes) - _SHOWN
            console.say(nsay("and {num} more image", "and {num} more images", num=rest))


def _line(change: Change, names: Mapping[str, str]) -> str:
    file = one_line(names.get(change.content, change.content))
    return f"{file}  {change.true}: A {change.first}, B {change.second}"
