"""The head solved at once: an iteration is told as an epoch is, and the last one is kept.

Losses are those of `loop.fitting`: mean cross-entropy without class weights.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.engine.features.feature_cache import Stopped
from core.engine.features.pipeline import Features
from core.engine.loop import iterations, schedules
from core.engine.loop.batches import Part
from core.engine.loop.schedules import TrainingState
from core.errors import UserError
from core.judging import folds, held_back, solver
from core.judging.design import Design, prepare
from core.judging.head import LinearHead, unit_lengths
from core.judging.solver import Iterate, Trial
from core.models.solving import STRENGTH
from core.records import EpochMetrics, HeadScore, Phase
from core.records.choices import CLASSIFICATION, TASKS
from core.words import Message, say

SEARCHING = 0.4  # share of the phase in which the strength is chosen
_HALF_WAY = 30  # iterations
_ALL_TOLD = 30  # iterations that are all told; of later ones
_EVERY = 5
_PIECE = 256  # images read at once


class SearchReport(Protocol):
    """Whom the search for a strength tells how far it is, and asks whether to go on."""

    def log(self, sentence: Message) -> None: ...
    def progress(self, share: float) -> None: ...
    def score(self, held_back: HeadScore) -> None: ...
    def stop(self) -> bool: ...


class SolveReport(SearchReport, Protocol):
    """Whom the solve tells what each iteration comes to."""

    def metrics(self, metrics: EpochMetrics) -> None: ...
    def named(self, phase: Phase, epoch: int, named: NDArray) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadTask:
    """A head to solve: from what, and how."""

    train: Part
    validation: Part | None
    contents: Sequence[str]  # of the training images: names equal images, decides on folds
    groups: Sequence[str]
    num_classes: int
    num_views: int  # of each training image, itself among them
    is_quick: bool  # fewer strengths are tried, on fewer images


def share(iteration: int) -> float:
    """Give how much of the phase is over after an iteration; how many there are is not known."""
    return SEARCHING + (1 - SEARCHING) * iteration / (iteration + _HALF_WAY)


def solve(
    task: HeadTask, state: TrainingState, report: SolveReport
) -> tuple[TrainingState, LinearHead | None]:
    """Choose the strength, then iterate to the end or until a stop, where the last iterate counts.

    Raises `feature_cache.Stopped` when it is asked to stop before there is any.
    """
    began = time.monotonic()
    seen = read(task.train.features, task.num_views, report)
    unseen = _unseen(task.validation, report)
    strength = _strength(task, seen[:, 0], report)
    design = prepare(seen)
    told, found = began, None
    for iterate, is_last in _iterates(task, design, strength, report):
        if not is_last and not _is_told(iterate.number):
            if iterate.number == _ALL_TOLD + 1:
                report.log(_left_out())
            continue
        found = design.head(iterate.weights)
        now = time.monotonic()
        metrics, named = iterations.measure(task.validation, iterate, found, unseen, now - told)
        report.named(Phase.HEAD, iterate.number, named)
        report.metrics(metrics)
        state, told = take_in(state, metrics, finished=iterate.converged), now
    return state, found


def search(task: HeadTask, report: SearchReport) -> None:
    """Only choose the strength: what its folds say of the images goes into the report.

    Raises `feature_cache.Stopped` when it is asked to stop.
    """
    _strength(task, read(task.train.features, 1, report)[:, 0], report)


def _iterates(
    task: HeadTask, design: Design, strength: float, report: SolveReport
) -> Iterator[tuple[Iterate, bool]]:
    """Give the iterates, and whether each is the last: the end, the limit or a stop."""
    previous: Iterate | None = None
    for iterate in solver.solve(
        design,
        task.train.labels,
        strength,
        num_classes=task.num_classes,
        weights=task.train.weights,
    ):
        if previous is not None:
            yield previous, False
        previous = iterate
        if report.stop():
            break
    else:
        previous = previous and replace(previous, converged=True)
    if previous is not None:
        yield previous, True


def _is_told(number: int) -> bool:
    return number <= _ALL_TOLD or number % _EVERY == 0


def _left_out() -> Message:
    return say(
        "From iteration {first} on one in {every} is judged and told, and the last: judging takes "
        "longer than solving.",
        first=_ALL_TOLD + 1,
        every=_EVERY,
    )


def read(features: Features, num_views: int, report: SearchReport) -> NDArray:
    """Read the features of all images in their first views: (images, views, numbers) float.

    Raises `Stopped` when it is asked to stop, and `UserError` where they are not finite.
    """
    pieces = []
    for first in range(0, features.num_images, _PIECE):
        if report.stop():
            raise Stopped
        rows = np.arange(first, min(first + _PIECE, features.num_images))
        views = np.tile(np.arange(num_views), len(rows))
        pieces.append(features.batch(np.repeat(rows, num_views), views))
    found = np.concatenate(pieces)
    _check_finite(found)
    return found.reshape(features.num_images, num_views, -1)


def _unseen(part: Part | None, report: SearchReport) -> NDArray[np.float32] | None:
    return None if part is None else _unit(read(part.features, 1, report)[:, 0])


def _unit(features: NDArray) -> NDArray[np.float32]:
    return (features / unit_lengths(features)).astype(np.float32)


def _strength(task: HeadTask, features: NDArray, report: SearchReport) -> float:
    """Choose the strength of the decay on folds of the training images, and say it."""
    labels = task.train.labels
    size = solver.SMALL_SAMPLE if task.is_quick else solver.SAMPLE
    strengths = solver.COARSE if task.is_quick else solver.STRENGTHS
    dealt = folds.deal(labels.tolist(), task.groups, task.contents, sample=size)
    inside = dealt != folds.SKIPPED
    trials: list[Trial] = []
    for trial in solver.search(
        prepare(features[inside]),
        labels[inside],
        dealt[inside],
        num_classes=task.num_classes,
        weights=task.train.weights[inside],
        strengths=strengths,
    ):
        trials.append(trial)
        report.progress(SEARCHING * len(trials) / len(strengths))
        if report.stop():
            raise Stopped
    strength = solver.best(trials)
    if chosen := solver.best_trial(trials):
        report.score(_score(task, chosen, inside))
    report.log(say(STRENGTH, value=strength))
    return strength * (solver.VIEWS if task.num_views > 1 else 1)


def _score(task: HeadTask, trial: Trial, inside: NDArray[np.bool_]) -> HeadScore:
    """Say how a trial judged the images that it held back, of those inside the sample."""
    contents, groups = (list(compress(of, inside)) for of in (task.contents, task.groups))
    return held_back.score(trial, task.train.labels[inside], contents, groups)


def _check_finite(features: NDArray) -> None:
    if not np.isfinite(features).all():
        raise UserError(
            say("The features of the images were not finite numbers."),
            expected=say("The backbone turns each image into numbers that can be computed with."),
            mend=say("Choose another backbone or other weights."),
        )


def take_in(
    state: TrainingState, metrics: EpochMetrics, *, finished: bool, task: str = CLASSIFICATION
) -> TrainingState:
    """Take in an iteration: it is better than all before it by what is solved for."""
    loss = metrics.loss if metrics.val_loss is None else metrics.val_loss
    accuracy = schedules.merit(metrics, TASKS[task])
    new = replace(
        state,
        epoch=metrics.epoch,
        num_epochs=metrics.epoch,
        loss=loss,
        accuracy=accuracy,
        phase_loss=loss,
        phase_accuracy=accuracy,
        solved=True,
        finished=finished,
    )
    return schedules.keep(new)
