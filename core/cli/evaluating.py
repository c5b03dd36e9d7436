"""The command evaluate: what a run's model can do and where it fails, in full."""

import argparse
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from core import runs
from core.cli import predicting, training
from core.cli.arguments import Parser
from core.cli.console import Console
from core.errors import UserError
from core.insights import evaluation, verdict
from core.insights.comparing import baselines
from core.insights.evaluation import Judged
from core.judging import shares
from core.judging.evaluation import calibration
from core.judging.evaluation.scores import Share
from core.records import Accuracy, ModelCard, Run, Split
from core.run_results import folds, predictions
from core.run_results.predictions import PartPredictions
from core.runs.inference import Engine, check_finished
from core.words import Message, mark, nsay, render, say
from core.workspace import Workspace

PARTS = (Split.VALIDATION.value, Split.TEST.value)
_SHOWN = 20  # mistakes that are printed; programs get all


def add_evaluate(sub: Parser) -> None:
    training.add_run(sub)
    part = mark(
        "images to judge on: validation (the default), or test, which is opened and counted"
    )
    sub.add_argument("--part", choices=PARTS, default=PARTS[0], help=part)
    data = mark("a folder with a sub-folder of images for each class, to judge on instead")
    sub.add_argument("--data", type=Path, metavar="PATH", help=data)


def evaluate(options: argparse.Namespace, console: Console) -> bool:
    """Judge a run on one part of its data set, or on a folder of other images."""
    ws, run_id = Workspace(options.workspace), options.run_id
    check_finished(ws, run_id)
    run = runs.get(ws, run_id)
    assert run.card is not None
    part, names = options.part, predicting.file_names(ws, run)
    with contextlib.closing(Engine(ws)) as engine:
        if options.data:
            part, score, names = "data", None, {}
            found = _of_folder(engine, run.card, options.data)
        else:
            found, score = _of_part(ws, engine, run, Split(part))
    judged = evaluation.evaluate(found, run.card.labels, score)
    held_back = folds.read(ws.run(run_id)) if part == PARTS[0] else None
    rules = baselines.find(ws, run) if part == PARTS[0] else None
    said = [*verdict.sentences(judged, held_back), verdict.balanced(judged)]
    if rules is not None:
        said += verdict.beats(rules, baselines.against(found, rules))
    _print(judged, said, names, console)
    told = {
        **evaluation.as_json(judged, part, names),
        "temperature": run.card.temperature,
        "baselines": baselines.as_json(rules),
    }
    console.result(told | ({"folds": asdict(held_back.accuracy)} if held_back else {}))
    return False


def _of_part(
    ws: Workspace, engine: Engine, run: Run, split: Split
) -> tuple[PartPredictions, Accuracy | None]:
    assert run.card is not None
    if split is Split.VALIDATION:
        return engine.answers(run.id), run.card.validation
    score = engine.test(run.id).test
    found = predictions.read(ws.run(run.id), split)
    assert found is not None  # it was written just now
    return found, score


def _of_folder(engine: Engine, card: ModelCard, folder: Path) -> PartPredictions:
    """Ask about the images of a folder of class folders. Raises `UserError` for other classes."""
    if not folder.is_dir():
        raise _no_classes(folder, card)
    images = [
        path
        for path in predicting.find_images([folder]).images
        if path.parent != folder and path.relative_to(folder).parts[0] in card.labels
    ]
    if not images:
        raise _no_classes(folder, card)
    answers = list(predicting.answers(engine, card.run_id, images))
    rows = [
        (str(path), card.labels.index(path.relative_to(folder).parts[0]), answer)
        for path, answer in zip(images, answers, strict=True)
        if answer.problem is None
    ]
    if not rows:
        assert answers[0].problem is not None
        raise UserError.of(answers[0].problem)
    shares = [{s.label: s.probability for s in answer.scores} for *_, answer in rows]
    given = np.array([[share[label] for label in card.labels] for share in shares])
    return PartPredictions(
        contents=tuple(path for path, *_ in rows),
        labels=np.array([label for _, label, _ in rows], np.int32),
        groups=("",) * len(rows),
        logits=calibration.logits(given, card.temperature),
        temperature=card.temperature,
    )


def _no_classes(folder: Path, card: ModelCard) -> UserError:
    return UserError(
        say("'{folder}' has no sub-folder of images named as a class.", folder=str(folder)),
        expected=say(
            "A folder with a sub-folder for each class: {labels}.", labels=", ".join(card.labels)
        ),
        mend=say("Sort the images into such folders, or ask `predict` about them."),
    )


def _print(
    judged: Judged, sentences: Sequence[Message], names: Mapping[str, str], console: Console
) -> None:
    """Print the verdict, a line for each class, and the mistakes of which it was surest."""
    for sentence in sentences:
        console.say(sentence)
    if console.as_json:
        return
    _print_classes(judged, console)
    for one in judged.mistakes[:_SHOWN]:
        file, share = names.get(one.content, one.content), shares.percent(one.probability)
        print(f"{file}  {one.true} → {one.predicted}  {render(share, console.language)}")
    if len(judged.mistakes) > _SHOWN:
        rest = len(judged.mistakes) - _SHOWN
        console.say(nsay("and {num} more mistake", "and {num} more mistakes", num=rest))


def _print_classes(judged: Judged, console: Console) -> None:
    header = [mark("class"), mark("images"), mark("precision"), mark("recall"), mark("F1")]
    rows = [[render(say(word), console.language) for word in header]]
    for name, one in zip(judged.labels, judged.classes, strict=True):
        told = (_written(share, console) for share in (one.precision, one.recall, one.f1))
        rows.append([name, str(one.images), *told])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def _written(share: Share, console: Console) -> str:
    if np.isnan(share.value):
        return "–"
    value, span = shares.percent(share.value), shares.span(share.low, share.high)
    return f"{render(value, console.language)} ({render(span, console.language)})"
