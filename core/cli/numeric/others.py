"""What evaluate says of a model of numbers on images that its data set does not have."""

import contextlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from core import names
from core.batch_predictions import labelled, truths
from core.cli import predicting
from core.cli.console import Console
from core.cli.numeric import evaluating
from core.errors import UserError
from core.judging.numbers import sentences
from core.records import ModelCard, Prediction, Run
from core.run_results.numbers import NumberAnswers
from core.runs.inference import Engine
from core.words import nsay, say
from core.workspace import Workspace


def evaluate_others(ws: Workspace, run: Run, data: Path, console: Console) -> bool:
    """Judge a run on a folder of images whose numbers are known, or on those that a list names.

    Raises `UserError` where no image is left that could judge it.
    """
    card = run.card
    assert card is not None and card.target is not None  # noqa: PT018
    known = truths.read(data, card.target)
    told = _paths(data if data.is_dir() else data.parent, known)
    own = labelled.among([path for path, _ in told], labelled.dataset_contents(ws, run.id),
                         card.bands)  # fmt: skip
    new = [(path, number) for path, number in told if path not in own]
    _say_left_out(len(known.others), len(own), console)
    if not new:
        raise _all_own(data, len(own))
    with contextlib.closing(Engine(ws)) as engine:
        answers = list(predicting.answers(engine, run.id, [path for path, _ in new]))
    problems = [answer for answer in answers if answer.problem is not None]
    for answer in problems:
        predicting.show(answer, console)
    rows = [(a, true) for a, (_, true) in zip(answers, new, strict=True) if a.problem is None]
    if not rows:
        raise unreadable(data)
    _tell(card, rows, console, {
        "own_images": len(own),
        "not_judged": list(known.others),
        "unreadable": [answer.file for answer in problems],
    })  # fmt: skip
    return bool(problems)


def _paths(folder: Path, known: truths.KnownNumbers) -> list[tuple[Path, float]]:
    """Find the files whose numbers are known."""
    found = predicting.find_images([folder]).images
    inside = ("/".join(map(names.clean, path.relative_to(folder).parts)) for path in found)
    pairs = ((path, known.numbers.get(file)) for path, file in zip(found, inside, strict=True))
    return [(path, number) for path, number in pairs if number is not None]


def _tell(
    card: ModelCard,
    rows: Sequence[tuple[Prediction, float]],
    console: Console,
    also: dict[str, object],
) -> None:
    target = card.target
    assert target is not None
    answers, true = [row[0] for row in rows], [row[1] for row in rows]
    judged = truths.judge(answers, true, target)
    assert judged.score is not None
    for sentence in evaluating.told(judged.score, target):
        console.say(sentence)
    if judged.num_ranges:
        console.say(sentences.held(judged.inside, judged.num_ranges))
    found = NumberAnswers(
        contents=tuple(answer.file for answer in answers),
        groups=("",) * len(rows),
        true=np.array(true),
        said=np.array([answer.number or 0.0 for answer in answers]),
    )
    images = evaluating.worst(found, {}, card, console)
    result = {"task": card.task.name, "part": "data", "target": asdict(target)}
    inside = judged.inside if judged.num_ranges else None
    score = {"numbers": asdict(judged.score), "inside_range": inside, "ranges": judged.num_ranges}
    console.result({**result, **score, "images": images, **also})


def _say_left_out(num_others: int, num_own: int, console: Console) -> None:
    if num_others:
        console.say(
            nsay("{num} image has no number and is not judged.",
                 "{num} images have no number and are not judged.", num=num_others)
        )  # fmt: skip
    say_own(num_own, console)


def say_own(num: int, console: Console) -> None:
    """Say how many images were left out because the run's own data set has them."""
    if num:
        told = nsay(
            "{num} image of the run's own data set is not judged.",
            "{num} images of the run's own data set are not judged.",
            num=num,
        )
        console.say(told)


def _all_own(data: Path, num: int) -> UserError:
    return UserError(
        nsay(
            "The {num} image with a number in '{data}' belongs to the run's own data set.",
            "All {num} images with numbers in '{data}' belong to the run's own data set.",
            num=num,
            data=str(data),
        ),
        expected=say("Images that the run's data set does not have."),
        mend=say("Add new images, or leave out --data to judge by the validation images."),
    )


def unreadable(data: Path) -> UserError:
    """No image could be read, so that nothing can be judged."""
    return UserError(
        say("No image that could judge the run can be read in '{folder}'.", folder=str(data)),
        expected=say("Images that can be read."),
        mend=say("Mend or replace the files that are named above."),
    )
