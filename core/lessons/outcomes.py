"""What a lesson came to: both scores, and which of the guesses was right."""

import numpy as np
from numpy.typing import NDArray

from core import files, runs, studies
from core.errors import UserError
from core.insights import shortcuts
from core.judging import paired
from core.judging.evaluation import scores
from core.lessons import measured, reading, rules
from core.records import ClassHeat, Split, State
from core.records.lessons import Attempt, Lesson, LessonSide, Outcome
from core.records.results import Paired
from core.run_results import predictions
from core.run_results.predictions import PartPredictions, named
from core.studies import texts
from core.words import Message, say
from core.workspace import Workspace


def read(ws: Workspace, attempt: Attempt) -> Outcome:
    """Read what an attempt came to.

    Raises `UserError` where a training failed, was stopped before its end or was deleted.
    """
    lesson = reading.lesson_named(attempt.lesson)
    if attempt.study_id:
        return _of_study(ws, attempt)
    sides = [
        _answers(ws, run_id, side)
        for run_id, side in zip(attempt.run_ids, lesson.sides, strict=True)
    ]
    return _compare(lesson, sides, _seconds(ws, attempt))


def why(lesson: Lesson, found: Outcome) -> tuple[str, ...]:
    """Give what explains what happened: of the guess that was right, then what always holds."""
    guess = lesson.guess_named(found.answer)
    return (*(guess.because if guess else ()), *lesson.explanation)


def elsewhere(lesson: Lesson, found: Outcome) -> Message | None:
    """Say what came out on the pictures that Thaw brings, where here it was something else."""
    known = measured.expected().get(lesson.name)
    guess = lesson.guess_named(known.answer) if known else None
    if guess is None or guess.name == found.answer:
        return None
    return say(
        "On the pictures that Thaw brings, on another machine, it came so: {answer}.",
        answer=Message(text=guess.text),
    )


def seen(ws: Workspace, attempt: Attempt) -> tuple[Message, ...]:
    """Say what the heat map that the lesson shows has found; nothing where nobody looked at it."""
    label = reading.lesson_named(attempt.lesson).map_of
    card = runs.get(ws, attempt.run_ids[0]).card if label and attempt.run_ids else None
    if card is None or label not in card.labels:
        return ()
    try:
        path = ws.run(card.run_id).class_heat(card.labels.index(label))
        found = files.read_record(path, ClassHeat)
    except (OSError, UserError):
        return ()
    told = (shortcuts.border_share(found), shortcuts.border_warning(found))
    return tuple(filter(None, told)) if found.made == card.created_at else ()


def needs_test(ws: Workspace, attempt: Attempt) -> list[str]:
    """Name the runs whose test part the lesson wants opened and that is not yet."""
    lesson = reading.lesson_named(attempt.lesson)
    return [
        run_id
        for run_id, side in zip(attempt.run_ids, lesson.sides, strict=False)
        if side.part == "test" and predictions.read(ws.run(run_id), Split.TEST) is None
    ]


def _answers(ws: Workspace, run_id: str, side: LessonSide) -> PartPredictions:
    if not ws.run(run_id).state.exists():
        raise _unusable(say("One of the two trainings was deleted."))
    if runs.state_of(ws, run_id).state is State.STOPPED:
        raise _unusable(say("One of the two trainings was stopped before its end."))
    split = Split.TEST if side.part == "test" else Split.VALIDATION
    found = predictions.read(ws.run(run_id), split)
    if found is not None:
        return found
    error = runs.state_of(ws, run_id).error
    if error is not None:
        raise UserError.of(error)
    raise _unusable(say("One of the two trainings ended without a result."))


def _unusable(what: Message) -> UserError:
    return UserError(
        what,
        expected=say("Both train to their end."),
        mend=say("Begin the lesson again."),
    )


def _seconds(ws: Workspace, attempt: Attempt) -> tuple[float, ...]:
    """Give how long each training took; nothing where both sides are one, or it is not noted."""
    cards = [runs.get(ws, run_id).card for run_id in dict.fromkeys(attempt.run_ids)]
    found = tuple(card.seconds for card in cards if card is not None)
    return found if len(found) == len(attempt.run_ids) else ()


def _right(found: PartPredictions) -> NDArray[np.bool_]:
    """Tell who is named rightly by the end of training, whatever was kept."""
    logits = found.logits if found.last is None else found.last
    return np.asarray(named(logits) == found.labels, np.bool_)


def _compare(lesson: Lesson, sides: list[PartPredictions], seconds: tuple[float, ...]) -> Outcome:
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
        answer=rules.RULES[lesson.rule](found, tested),
        seconds=seconds,
        told=(_told(tested),) if tested else (),
    )


def _told(tested: Paired) -> Message:
    """Say what the paired test rests on."""
    if not tested.fixed and not tested.broke:
        return say("Both name the same pictures rightly.")
    per_thousand = round(1000 * tested.p)
    return say(
        "Only the second is right on {fixed} of them, only the first on {broke}: chance makes "
        "such a difference in {often} of 1,000 cases.",
        fixed=tested.fixed,
        broke=tested.broke,
        often=say("{item}", item=per_thousand) if per_thousand else say("fewer than 1"),
    )


def _of_study(ws: Workspace, attempt: Attempt) -> Outcome:
    found = studies.read(ws, attempt.study_id)
    judged = [row for row in found.rows if row.accuracy is not None]
    if found.advice is None or len(judged) < len(found.rows):
        raise UserError(
            say("The ladder ended before all of its depths were judged."),
            expected=say("All its depths train to their end."),
            mend=say("Begin the lesson again."),
        )
    answers = {"all": "head", "none": "everything"}
    return Outcome(
        scores=tuple(row.accuracy for row in judged if row.accuracy),
        names=tuple(texts.arm(row) for row in judged),
        answer=answers.get(found.advice.choice, "part"),
        seconds=tuple(row.seconds for row in judged),
        told=found.advice.sentences,
    )
