"""The command evaluate: what a run's model can do and where it fails, in full."""

import argparse
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from core import runs
from core.batch_predictions import labelled
from core.cli import predicting, training
from core.cli.arguments import Parser
from core.cli.console import Console, one_line
from core.cli.numeric import evaluating as numeric, others
from core.errors import UserError
from core.insights import evaluation, threshold_texts, verdict
from core.insights.comparing import baselines
from core.insights.evaluation import Judged
from core.judging import shares
from core.judging.evaluation import calibration
from core.judging.evaluation.scores import Share
from core.records import Accuracy, JudgedOn, ModelCard, Prediction, Run, Split
from core.run_results import predictions, thresholds
from core.run_results.predictions import PartPredictions
from core.runs.inference import Engine, check_finished
from core.words import Message, enumeration, mark, nsay, render, say
from core.workspace import Workspace

PARTS = (Split.VALIDATION.value, Split.TEST.value)
_SHOWN = 20  # mistakes that are printed; programs get all


def add_evaluate(sub: Parser) -> None:
    training.add_run(sub)
    part = mark(
        "images to judge on: validation (the default), or test, which is opened and counted"
    )
    sub.add_argument("--part", choices=PARTS, default=PARTS[0], help=part)
    data = mark("other images: a folder with one for each class, or with a list of the numbers")
    sub.add_argument("--data", type=Path, metavar="PATH", help=data)


def evaluate(options: argparse.Namespace, console: Console) -> bool:
    """Judge a run on one part of its data set, or on a folder of other images."""
    ws, run_id = Workspace(options.workspace), options.run_id
    check_finished(ws, run_id)
    run = runs.get(ws, run_id)
    assert run.card is not None
    if run.card.target is not None and options.data:
        return others.evaluate_others(ws, run, options.data, console)
    if run.card.target is not None:
        return numeric.evaluate(ws, run, options, predicting.file_names(ws, run), console)
    part, names, left_out = options.part, predicting.file_names(ws, run), dict[str, Any]()
    with contextlib.closing(Engine(ws)) as engine:
        if options.data:
            part, score, names = "data", None, {}
            found, left_out = _of_folder(ws, engine, run.card, options.data, console)
        else:
            found, score = _of_part(ws, engine, run, Split(part))
    judged = evaluation.evaluate(found, run.card.labels, score)
    leads = run.score if part == PARTS[0] else None
    rules = baselines.find(ws, run, Split(part)) if part in PARTS else None
    sure = thresholds.of_folder(ws, ws.run(run_id), run.config)
    said = [*verdict.sentences(judged, leads), verdict.balanced(judged)]
    if rules is not None:
        said += verdict.beats(rules, baselines.against(found, rules))
    said += threshold_texts.say_thresholds(sure) if sure else ()
    _print(judged, said, names, console)
    told = {
        **evaluation.as_json(judged, part, names),
        "temperature": run.card.temperature,
        "baselines": baselines.as_json(rules),
        "thresholds": threshold_texts.threshold_rows(sure),
        **left_out,
    }
    if leads and leads.judged_on is JudgedOn.FOLDS:
        told["folds"] = asdict(leads.accuracy)
    console.result(told)
    return bool(left_out.get("unreadable"))


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


def _of_folder(
    ws: Workspace, engine: Engine, card: ModelCard, folder: Path, console: Console
) -> tuple[PartPredictions, dict[str, Any]]:
    """Ask about the images in folders of classes that are new to the run.

    Beside the answers: what is not judged, for programs. Raises `UserError` where nothing is left.
    """
    if not folder.is_dir():
        raise _no_folder(folder)
    there = predicting.find_images([folder])
    told = labelled.by_folder(folder, there.images, card.labels)
    _say_others(told.others, console)
    predicting.name_others(there.others, console)
    if not told.images:
        raise _no_classes(folder, card)
    known = labelled.dataset_contents(ws, card.run_id)
    own = labelled.among([path for path, _ in told.images], known, card.bands)
    others.say_own(len(own), console)
    new = [(path, label) for path, label in told.images if path not in own]
    if not new:
        raise _all_own(folder, len(own))
    answers = list(predicting.answers(engine, card.run_id, [path for path, _ in new]))
    problems = [answer for answer in answers if answer.problem is not None]
    for answer in problems:
        predicting.show(answer, console)
    if len(problems) == len(answers):
        raise others.unreadable(folder)
    return _judged(answers, [label for _, label in new], card), {
        "own_images": len(own),
        "not_judged": [{"folder": name, "images": num} for name, num in told.others],
        "not_images": [str(path) for path in there.others],
        "unreadable": [answer.file for answer in problems],
    }


def _judged(
    answers: Sequence[Prediction], labels: Sequence[str], card: ModelCard
) -> PartPredictions:
    """Set the answers that there are beside the classes."""
    rows = [(a, label) for a, label in zip(answers, labels, strict=True) if a.problem is None]
    scores = [{score.label: score.probability for score in a.scores} for a, _ in rows]
    given = np.array([[share[label] for label in card.labels] for share in scores])
    return PartPredictions(
        contents=tuple(a.file for a, _ in rows),
        labels=np.array([card.labels.index(label) for _, label in rows], np.int32),
        groups=("",) * len(rows),
        logits=calibration.logits(given, card.temperature),
        temperature=card.temperature,
    )


def _say_others(others: Sequence[tuple[str, int]], console: Console) -> None:
    """Say how many images are not judged since no folder tells their class."""
    for folder, num in others:
        if folder:
            said = nsay(
                "'{folder}' is called as no class: {num} image is not judged.",
                "'{folder}' is called as no class: {num} images are not judged.",
                num=num,
                folder=one_line(folder),
            )
        else:
            said = nsay(
                "{num} image lies in no sub-folder and is not judged.",
                "{num} images lie in no sub-folder and are not judged.",
                num=num,
            )
        console.say(said)


def _all_own(folder: Path, num: int) -> UserError:
    return UserError(
        nsay(
            "The {num} image of a class in '{folder}' belongs to the run's own data set.",
            "All {num} images of classes in '{folder}' belong to the run's own data set.",
            num=num,
            folder=str(folder),
        ),
        expected=say("Images that the run's data set does not have."),
        mend=say("Add new images, or leave out --data to judge by the validation images."),
    )


def _no_folder(folder: Path) -> UserError:
    return UserError(
        say("'{folder}' is no folder, or is not there.", folder=str(folder)),
        expected=say("A folder with a sub-folder of images for each class."),
        mend=say("Check how it is written."),
    )


def _no_classes(folder: Path, card: ModelCard) -> UserError:
    return UserError(
        say("'{folder}' has no sub-folder of images named as a class.", folder=str(folder)),
        expected=say(
            "A folder with a sub-folder for each class: {labels}.", labels=enumeration(card.labels)
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
