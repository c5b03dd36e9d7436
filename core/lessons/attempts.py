"""Lessons on disk: one folder for each attempt; whoever looks at it takes the next step."""

import contextlib
import secrets
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core import datasets, files, given_names, locks, runs, studies
from core.errors import UserError
from core.lessons import data, reading
from core.models import presets
from core.models.catalog import STARTER
from core.records import State, TrainConfig
from core.records.lessons import Attempt, Lesson, LessonSide
from core.records.studies import StudyKind
from core.runs import estimates
from core.studies import beginning, store
from core.words import Message, say
from core.workspace import Workspace

_SIDE = 96  # pixels
RUNGS = 4  # of a lesson's ladder
_ENDED = (State.DONE, State.STOPPED, State.FAILED)


def begin(ws: Workspace, lesson: Lesson, guess: str, *, pupil: str = "", own: str = "") -> str:
    """Write down a guess and give the id of the attempt; ``own`` is a data set of the learner's."""
    attempt_id = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    attempt = Attempt(
        lesson=lesson.name,
        guess=guess,
        pupil=given_names.shortened(pupil),
        dataset_ids=(own,) * len(lesson.sides) if own else (),
        created_at=time.time(),
    )
    ws.lesson(attempt_id).parent.mkdir(parents=True, exist_ok=True)
    files.write_record(ws.lesson(attempt_id), attempt)
    return attempt_id


def get(ws: Workspace, attempt_id: str) -> Attempt:
    """Read an attempt. Raises `UserError` where there is none."""
    if ws.lesson(attempt_id).exists():
        return files.read_record(ws.lesson(attempt_id), Attempt)
    raise UserError(
        say("There is no lesson begun as '{attempt}'.", attempt=attempt_id),
        expected=say("A lesson is begun on the Home page."),
        mend=say("Choose a lesson there."),
    )


def again(ws: Workspace, attempt: Attempt) -> str:
    """Begin the same lesson once more, with the same guess and pictures; gives the new id."""
    used = attempt.dataset_ids[:1]
    own = next((d for d in used if d in datasets.ids(ws) and not _is_ours(ws, d)), "")
    lesson = reading.lesson_named(attempt.lesson)
    return begin(ws, lesson, attempt.guess, pupil=attempt.pupil, own=own)


def stop(ws: Workspace, attempt: Attempt) -> None:
    """Ask what an attempt trains to end."""
    if attempt.study_id:
        studies.stop(ws, attempt.study_id)
    for run_id in dict.fromkeys(attempt.run_ids):
        if ws.run(run_id).state.exists():
            runs.request_stop(ws, run_id)


def delete(ws: Workspace, attempt_id: str) -> None:
    """Forget an attempt, for good; what it trained stays among the runs."""
    ws.lesson(attempt_id).unlink(missing_ok=True)


def all_attempts(ws: Workspace) -> dict[str, Attempt]:
    """Give every attempt that can be read, newest first."""
    found: dict[str, Attempt] = {}
    for attempt_id in reversed(ids(ws)):
        with contextlib.suppress(UserError, FileNotFoundError):
            found[attempt_id] = get(ws, attempt_id)
    return {i: one for i, one in found.items() if one.lesson in reading.lessons()}


def number(ws: Workspace, attempt: Attempt) -> int:
    """Count how often this pupil had begun this lesson by then; 1 where no name was given."""
    if not attempt.pupil:
        return 1
    same = [
        one
        for one in all_attempts(ws).values()
        if (one.lesson, one.pupil) == (attempt.lesson, attempt.pupil)
    ]
    return max(1, sum(one.created_at <= attempt.created_at for one in same))


def ids(ws: Workspace) -> list[str]:
    """Give the ids of all attempts, oldest first."""
    return sorted(path.stem for path in ws.lessons.glob("*.json"))


def advance(ws: Workspace, attempt_id: str, names: tuple[str, ...]) -> Attempt:
    """Take the next step that can be taken: read the data, begin what is trained.

    ``names``: what to call the data sets, in the reader's language. Raises `UserError` where the
    data cannot be read.
    """
    attempt = get(ws, attempt_id)
    if attempt.run_ids or attempt.study_id:
        return attempt
    with locks.hold_where_possible(ws.lessons / ".lock"):  # two tabs may look at it
        return _advance(ws, attempt_id, names)


def _advance(ws: Workspace, attempt_id: str, names: tuple[str, ...]) -> Attempt:
    attempt = get(ws, attempt_id)
    lesson = reading.lesson_named(attempt.lesson)
    if not attempt.dataset_ids:
        found = tuple(
            data.of_side(ws, side, name) for side, name in zip(lesson.sides, names, strict=True)
        )
        attempt = _write(ws, attempt_id, replace(attempt, dataset_ids=found))
    is_begun = attempt.run_ids or attempt.study_id
    if not is_begun and all(data.is_there(ws, name) for name in attempt.dataset_ids):
        attempt = _write(ws, attempt_id, _begun(ws, lesson, attempt))
    return attempt


def _write(ws: Workspace, attempt_id: str, attempt: Attempt) -> Attempt:
    files.write_record(ws.lesson(attempt_id), attempt)
    return attempt


def _begun(ws: Workspace, lesson: Lesson, attempt: Attempt) -> Attempt:
    configs = _alike(
        config(ws, side, dataset_id)
        for side, dataset_id in zip(lesson.sides, attempt.dataset_ids, strict=True)
    )
    if lesson.study:
        arms = beginning.plan(ws, StudyKind(lesson.study), configs[0], rungs=RUNGS)
        return replace(attempt, study_id=studies.create(ws, StudyKind(lesson.study), arms))
    made: list[str] = []
    for side, one in zip(lesson.sides, configs, strict=True):
        made.append(made[-1] if side.same_run else runs.create(ws, one))
    return replace(attempt, run_ids=tuple(made))


def _alike(configs: Iterable[TrainConfig]) -> list[TrainConfig]:
    """Give all sides the first one's network: without weights another would be chosen."""
    first, *others = configs
    backbone, size = first.backbone, first.image_size
    return [first, *(replace(other, backbone=backbone, image_size=size) for other in others)]


def config(ws: Workspace, side: LessonSide, dataset_id: str) -> TrainConfig:
    """Give what a side trains; on pictures of the lessons with the backbone that Thaw brings."""
    num_train, _ = estimates.num_images(ws, dataset_id, 0, ())
    chosen: dict[str, Any] = dict(side.settings)
    if _is_ours(ws, dataset_id):
        chosen = {"backbone": STARTER, "image_size": _SIDE, **chosen}
    return presets.configure(dataset_id, num_train=num_train, **chosen)


def _is_ours(ws: Workspace, dataset_id: str) -> bool:
    noted = (ws.lessons / "data").glob("*.txt")
    return any(path.read_text(encoding="utf-8") == dataset_id for path in noted)


def is_over(ws: Workspace, attempt: Attempt) -> bool:
    """Tell whether all that a lesson trains has ended, or was deleted."""
    if attempt.study_id:
        return studies.state(ws, studies.get(ws, attempt.study_id)) in _ENDED
    states = [
        runs.state_of(ws, run_id).state
        for run_id in attempt.run_ids
        if ws.run(run_id).state.exists()
    ]
    return bool(attempt.run_ids) and all(state in _ENDED for state in states)


def why_not_over(ws: Workspace, attempt: Attempt) -> Message:
    """Say what is waited for."""
    if not attempt.run_ids and not attempt.study_id:
        return say("The pictures are being read")
    return say("It waits for other trainings") if _waits(ws, attempt) else say("It trains")


def _waits(ws: Workspace, attempt: Attempt) -> bool:
    """Tell whether none of its trainings has begun while others run."""
    own = set(attempt.run_ids)
    if attempt.study_id:
        study = studies.get(ws, attempt.study_id)
        own = {part[0] for part in store.existing(ws, study)}
    states = runs.states(ws)
    mine = [states[run_id].state for run_id in own if run_id in states]
    others = [state.state for run_id, state in states.items() if run_id not in own]
    return all(state is State.QUEUED for state in mine) and State.RUNNING in others
