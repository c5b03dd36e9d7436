"""What the runs of a study have answered so far, row by row and side by side."""

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from core import datasets, runs
from core.errors import UserError
from core.judging.evaluation import scores
from core.models import summary
from core.records import Accuracy, State, TrainConfig
from core.records.studies import Arm, JudgedRun, Study, StudyRow
from core.run_results import folds, judged, predictions
from core.studies import store
from core.workspace import RunFolder, Workspace


@dataclass(frozen=True, kw_only=True, eq=False)
class Votes:
    """Who of the judged images an arm names rightly."""

    contents: tuple[str, ...]
    right: NDArray[np.bool_]  # (images,)
    groups: tuple[str, ...]  # of each image; empty where it stands alone
    counts: tuple[int, ...] = ()  # of each class among these, where that is known


def of_run(folder: RunFolder) -> Votes | None:
    """Read what one run answered; None: it has not come to its end."""
    if judged.read(folder) is None:
        return None
    if (found := predictions.read(folder)) is not None:
        return Votes(
            contents=found.contents,
            right=found.right,
            groups=found.groups,
            counts=tuple(np.bincount(found.labels).tolist()),
        )
    if (score := folds.read(folder)) is not None:
        return Votes(
            contents=score.contents,
            right=np.array(score.right),
            groups=score.groups,
            counts=(round(score.accuracy.majority * score.accuracy.images),),
        )
    return None


def join(parts: Sequence[Votes]) -> Votes:
    """Put the answers to several folds one after another."""
    return Votes(
        contents=tuple(content for part in parts for content in part.contents),
        right=np.concatenate([part.right for part in parts]),
        groups=tuple(group for part in parts for group in part.groups),
        counts=tuple(map(sum, zip_longest(*(part.counts for part in parts), fillvalue=0))),
    )


def by_arm(ws: Workspace, study: Study) -> dict[str, dict[int, Votes]]:
    """Give of each arm what it answered on each fold that it has been judged on."""
    found: dict[str, dict[int, Votes]] = {arm.name: {} for arm in study.arms}
    for run_id, arm, fold in store.existing(ws, study):
        if (answers := of_run(ws.run(run_id))) is not None:
            found[arm.name][fold] = answers
    return found


def pair(first: dict[int, Votes], second: dict[int, Votes]) -> tuple[Votes, Votes] | None:
    """Put two arms side by side on the images that both were judged on; None: there are none."""
    common = sorted(first.keys() & second.keys())
    if not common:
        return None
    before, after = (join([arm[fold] for fold in common]) for arm in (first, second))
    known = dict(zip(_places(after.contents), after.right, strict=True))
    places = _places(before.contents)
    rows = [i for i, place in enumerate(places) if place in known]
    contents = tuple(before.contents[i] for i in rows)
    groups = tuple(before.groups[i] for i in rows)
    right = np.array([known[places[i]] for i in rows], bool)
    return (
        Votes(contents=contents, right=before.right[rows], groups=groups),
        Votes(contents=contents, right=right, groups=groups),
    )


def _places(contents: Sequence[str]) -> list[tuple[str, int]]:
    """Tell images apart, also the same photo in two classes: the content, and which of these."""
    seen: Counter[str] = Counter()
    places = []
    for content in contents:
        places.append((content, seen[content]))
        seen[content] += 1
    return places


def score(answers: Votes) -> Accuracy:
    """Score what was answered, with a range as wide as folds need."""
    largest = max(answers.counts, default=0)
    plain = scores.measured(answers.right, answers.groups, largest_class=largest)
    return folds.wider(plain)


def rows(ws: Workspace, study: Study, found: dict[str, dict[int, Votes]]) -> tuple[StudyRow, ...]:
    """Make a row of each arm."""
    parts = store.existing(ws, study)
    made = {arm.name: [p[0] for p in parts if p[1].name == arm.name] for arm in study.arms}
    whole = [_row(ws, study, arm, made[arm.name], found[arm.name]) for arm in study.arms]
    wanted = store.asked(ws, study.id).folds
    return tuple(row if len(row.run_ids) == wanted else _without_a_run(row) for row in whole)


def _without_a_run(row: StudyRow) -> StudyRow:
    """Have an arm fail whose run's folder is gone: going on makes it anew."""
    return replace(row, state=State.FAILED) if row.state is State.DONE else row


def _row(
    ws: Workspace, study: Study, arm: Arm, run_ids: Sequence[str], found: dict[int, Votes]
) -> StudyRow:
    states = [runs.state_of(ws, run_id) for run_id in run_ids]
    outcomes = [one for run_id in run_ids if (one := judged.read(ws.run(run_id)))]
    whole = join([found[fold] for fold in sorted(found)]) if found else None
    has_scores = whole is not None and study.arms[0].config.protocol != "curve"
    return StudyRow(
        name=arm.name,
        config=arm.config,
        trainable=outcomes[0].trainable if outcomes else _trainable(ws, arm.config),
        parameters=outcomes[0].parameters if outcomes else 0,
        state=_state([one.state for one in states]),
        folds=len(found),
        accuracy=score(whole) if has_scores and whole else None,
        seconds=_seconds(outcomes),
        milliseconds=max((one.milliseconds for one in outcomes), default=0.0),
        run_ids=tuple(run_ids),
        error=next((one.error for one in states if one.error), None),
    )


def _seconds(outcomes: Sequence[JudgedRun]) -> float:
    return sum(one.seconds for one in outcomes)


def _state(states: Sequence[State]) -> State:
    order = (State.RUNNING, State.QUEUED, State.STOPPED, State.FAILED)
    return next((one for one in order if one in states), State.DONE)


def _trainable(ws: Workspace, config: TrainConfig) -> int:
    """Count what is to learn; 0 where the data set was deleted meanwhile."""
    with contextlib.suppress(UserError):
        dataset = datasets.get(ws, config.dataset_id, config.dataset_version)
        num_classes = len({c.name for c in dataset.classes} - {*config.left_out})
        return summary.num_trainable(config, num_classes)
    return 0
