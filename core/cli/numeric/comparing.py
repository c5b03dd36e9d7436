"""What compare says of two runs of numbers."""

import contextlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from core.cli import predicting
from core.cli.console import Console, one_line
from core.errors import UserError
from core.insights.comparing import comparability
from core.insights.numbers import pairing
from core.insights.numbers.pairing import NumberPairing
from core.judging.numbers import written
from core.records import LearnedTarget, Run, Split
from core.run_results import numbers
from core.run_results.numbers import NumberAnswers
from core.runs.inference import Engine
from core.words import Message, render
from core.workspace import Workspace

_SHOWN = 20  # images that are printed; programs get all


def compare(
    ws: Workspace,
    first: Run,
    second: Run,
    settings: Sequence[tuple[str, Any, Any]],
    console: Console,
) -> bool:
    """Say which run is nearer on the images that judge both."""
    assert first.card is not None and first.card.target is not None  # noqa: PT018
    target, names = first.card.target, predicting.file_names(ws, second)
    found, why_not = _pair(ws, first, second)
    for sentence in pairing.describe(found, target) if found else filter(None, [why_not]):
        console.say(sentence)
    if found is not None and not console.as_json:
        for content, true, a, b in found.changes[:_SHOWN]:
            print(_line(names.get(content, content), (true, a, b), target, console.language))
    told = asdict(found) if found else {}
    told.pop("changes", None)
    console.result(
        {
            "task": first.config.task,
            "settings": [{"name": name, "a": a, "b": b} for name, a, b in settings],
            **told,
        }
    )
    return False


def _pair(ws: Workspace, first: Run, second: Run) -> tuple[NumberPairing | None, Message | None]:
    split = comparability.part(ws, first, second)
    if (why_not := comparability.why_not(first, second, split)) is not None:
        return None, why_not
    with contextlib.closing(Engine(ws)) as engine:
        before, after = (_answers(ws, engine, run, split) for run in (first, second))
    found = pairing.pair(before, after, split) if before and after else None
    return found, None


def _answers(ws: Workspace, engine: Engine, run: Run, split: Split) -> NumberAnswers | None:
    if split is Split.VALIDATION and numbers.read(ws.run(run.id)) is None:
        with contextlib.suppress(UserError):  # the images are gone
            engine.complete(run.id)
    return numbers.read(ws.run(run.id), split)


def _line(file: str, row: Sequence[float], target: LearnedTarget, language: str) -> str:
    true, a, b = (render(written.amount(number, target), language) for number in row)
    return f"{one_line(file)}  {true}: A {a}, B {b}"
