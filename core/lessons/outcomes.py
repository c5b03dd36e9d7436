"""What a lesson came to: both scores, and which of the guesses was right."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from core import runs, studies
from core.errors import UserError
from core.judging import paired
from core.judging.evaluation import scores
from core.lessons import reading
from core.records import Accuracy, Split
from core.records.lessons import Attempt, Lesson, LessonSide, Outcome
from core.records.results import SURE, Paired
from core.run_results import predictions
from core.run_results.predictions import PartPredictions, named
from core.studies import texts
from core.words import Message, say
from core.workspace import Workspace

GAP = 0.05  # of two scores that are called apart
HIGH = 0.8  # a score of which one says that nearly all is right


def read(ws: Workspace, attempt: Attempt) -> Outcome:
    """Read what an attempt came to. Raises `UserError` where a training failed."""
    lesson = reading.lesson_named(attempt.lesson)
    if attempt.study_id:
        return _of_study(ws, attempt)
    sides = [
        _answers(ws, run_id, side)
        for run_id, side in zip(attempt.run_ids, lesson.sides, strict=True)
    ]
    return _compare(lesson, sides)


def needs_test(ws: Workspace, attempt: Attempt) -> list[str]:
    """Name the runs whose test part the lesson wants opened and that is not yet."""
    lesson = reading.lesson_named(attempt.lesson)
    return [
        run_id
        for run_id, side in zip(attempt.run_ids, lesson.sides, strict=False)
        if side.part == "test" and predictions.read(ws.run(run_id), Split.TEST) is None
    ]


def _answers(ws: Workspace, run_id: str, side: LessonSide) -> PartPredictions:
    split = Split.TEST if side.part == "test" else Split.VALIDATION
    found = predictions.read(ws.run(run_id), split)
    if found is not None:
        return found
    error = runs.state_of(ws, run_id).error
    if error is not None:
        raise UserError.of(error)
    raise UserError(
        say("One of the two trainings ended without a result."),
        expected=say("Both train to their end."),
        mend=say("Begin the lesson again."),
    )


def _right(found: PartPredictions) -> NDArray[np.bool_]:
    """Tell who is named rightly by the end of training, whatever was kept."""
    logits = found.logits if found.last is None else found.last
    return np.asarray(named(logits) == found.labels, np.bool_)


def _compare(lesson: Lesson, sides: list[PartPredictions]) -> Outcome:
    right = [_right(side) for side in sides]
    found = tuple(
        scores.measured(rows, side.groups, largest_class=int(np.bincount(side.labels).max()))
        for rows, side in zip(right, sides, strict=True)
    )
    tested = None
    if sides[0].contents == sides[1].contents:
        tested = paired.compare(right[0], right[1], sides[0].groups)
    return Outcome(
        scores=found,
        names=tuple(Message(text=side.title) for side in lesson.sides),
        answer=RULES[lesson.rule](found, tested),
        p_value=tested.p if tested else None,
        fixed=tested.fixed if tested else 0,
        broke=tested.broke if tested else 0,
    )


Scores = tuple[Accuracy, ...]


def _paired(found: Scores, tested: Paired | None) -> str:
    if tested is None or tested.p >= SURE or not (tested.is_better or tested.is_worse):
        return "same"
    return "second" if tested.is_better else "first"


def _separate(found: Scores, tested: Paired | None) -> str:
    first, second = found
    if first.low > second.high:
        return "first"
    return "both" if min(first.accuracy, second.accuracy) > HIGH else "same"


def _gap(found: Scores, tested: Paired | None) -> str:
    return "apart" if abs(found[0].accuracy - found[1].accuracy) >= GAP else "same"


RULES: Mapping[str, Callable[[Scores, Paired | None], str]] = {
    "paired": _paired,  # the same images
    "separate": _separate,  # other images: intervals that do not meet
    "gap": _gap,
}


def _of_study(ws: Workspace, attempt: Attempt) -> Outcome:
    found = studies.read(ws, attempt.study_id)
    judged = [row for row in found.rows if row.accuracy is not None]
    if found.advice is None:
        raise UserError(
            say("The ladder ended before two of its depths were judged."),
            expected=say("All its depths train to their end."),
            mend=say("Begin the lesson again."),
        )
    answers = {"all": "head", "none": "everything"}
    return Outcome(
        scores=tuple(row.accuracy for row in judged if row.accuracy),
        names=tuple(texts.arm(row) for row in judged),
        answer=answers.get(found.advice.choice, "part"),
        p_value=found.advice.p_value,
    )
