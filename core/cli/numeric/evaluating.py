"""What evaluate and test say of a model of numbers: how near it is, and where it is far off."""

import argparse
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from core import files
from core.cli.console import Console, one_line
from core.judging.numbers import scoring, sentences, written
from core.records import LearnedTarget, ModelCard, NumberScore, Run, Split
from core.run_results import numbers
from core.run_results.numbers import NumberAnswers
from core.runs.inference import Engine
from core.words import Message, render, say
from core.workspace import Workspace

_SHOWN = 20  # pictures that are printed; programs get all


def evaluate(
    ws: Workspace,
    run: Run,
    options: argparse.Namespace,
    names: Mapping[str, str],
    console: Console,
) -> bool:
    """Judge a run of numbers on a part of its data set."""
    card, split = run.card, Split(options.part)
    assert card is not None
    with contextlib.closing(Engine(ws)) as engine:
        found = read(ws, engine, run, split)
    score = of_answers(card, found)
    if score is not None:
        _say(card, score, console)
    rows = worst(found, names, card, console)
    target = asdict(card.target) if card.target else None
    result = {"task": card.task.name, "part": split.value, "target": target}
    console.result({**result, "numbers": asdict(score) if score else None, "images": rows})
    return False


def read(ws: Workspace, engine: Engine, run: Run, split: Split) -> NumberAnswers:
    """Give the answers to a part, asking the model where it is not known. Raises `UserError`."""
    if split is Split.TEST:
        engine.test(run.id)
    elif numbers.read(ws.run(run.id)) is None:
        engine.check_validates(run.id)
        engine.complete(run.id)
    found = numbers.read(ws.run(run.id), split)
    assert found is not None  # it was written just now
    return found


def of_answers(card: ModelCard, found: NumberAnswers) -> NumberScore | None:
    """Judge the answers to a part."""
    if card.target is None:
        return None
    return scoring.score(
        found.true, found.said, found.groups, mean=card.target.mean, nearest=found.nearest
    )


def say_score(ws: Workspace, run_id: str, score: NumberScore | None, console: Console) -> None:
    """Say what a score of a run comes to; without one, that nothing judged it."""
    card = files.read_record(ws.run(run_id).card, ModelCard)
    if score is None:
        console.say(say("It learned from the validation images too, so nothing has judged it."))
    else:
        _say(card, score, console)


def told(score: NumberScore, target: LearnedTarget) -> Iterator[Message]:
    """Say all that a score tells."""
    first, *further = sentences.verdict(score, target)
    yield first
    yield from filter(None, [sentences.squared(score, target)])
    yield from further


def worst(
    found: NumberAnswers, names: Mapping[str, str], card: ModelCard, console: Console
) -> list[dict[str, Any]]:
    """Give the images, those first that are farthest off, of which some are printed."""
    rows = _rows(found, names)
    if not console.as_json:
        for row in rows[:_SHOWN]:
            print(_line(row, card, console.language))
    return rows


def _say(card: ModelCard, score: NumberScore, console: Console) -> None:
    assert card.target is not None
    for sentence in told(score, card.target):
        console.say(sentence)
    console.say(sentences.range_of(card.target))


def _rows(found: NumberAnswers, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """List the images, those first that are farthest off."""
    order = np.argsort(-np.abs(found.errors), kind="stable").tolist()
    return [
        {
            "file": names.get(found.contents[i], found.contents[i]),
            "true": float(found.true[i]),
            "said": float(found.said[i]),
        }
        for i in order
    ]


def _line(row: Mapping[str, Any], card: ModelCard, language: str) -> str:
    assert card.target is not None
    true, said = (written.amount(row[name], card.target) for name in ("true", "said"))
    return f"{one_line(row['file'])}  {render(true, language)} → {render(said, language)}"
