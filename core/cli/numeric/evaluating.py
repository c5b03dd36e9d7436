"""What evaluate and test say of a model of numbers: how near it is, and where it is far off."""

import argparse
import contextlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from core import files
from core.cli.console import Console, one_line
from core.errors import UserError
from core.judging.numbers import scoring, sentences, written
from core.records import ModelCard, NumberScore, Run, Split
from core.run_results import numbers
from core.run_results.numbers import NumberAnswers
from core.runs.inference import Engine
from core.words import render, say
from core.workspace import Workspace

_SHOWN = 20  # pictures that are printed; programs get all


def evaluate(
    ws: Workspace,
    run: Run,
    options: argparse.Namespace,
    names: Mapping[str, str],
    console: Console,
) -> bool:
    """Judge a run of numbers on a part of its data set. Raises `UserError` for other images."""
    if options.data:
        raise _no_folder(options.data)
    card, split = run.card, Split(options.part)
    assert card is not None
    with contextlib.closing(Engine(ws)) as engine:
        found = read(ws, engine, run, split)
    score = of_answers(card, found)
    if score is not None:
        _say(card, score, console)
    rows = _rows(found, names)
    if not console.as_json:
        for row in rows[:_SHOWN]:
            print(_line(row, card, console.language))
    told = asdict(card.target) if card.target else None
    result = {"task": card.task.name, "part": split.value, "target": told}
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


def _say(card: ModelCard, score: NumberScore, console: Console) -> None:
    assert card.target is not None
    for sentence in (*sentences.verdict(score, card.target), sentences.range_of(card.target)):
        console.say(sentence)


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


def _no_folder(folder: Path) -> UserError:
    return UserError(
        say("'{folder}' was given to a model of numbers.", folder=str(folder)),
        expected=say("Such a model is judged on the validation or the test part of its data set."),
        mend=say("Leave --data out, or ask `predict` about the folder."),
    )
