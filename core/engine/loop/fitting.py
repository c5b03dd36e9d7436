"""The training loop of one phase: epochs over the frozen prefix's output.

Losses are the mean cross-entropy in nats over images, without class weights, so that the curves of
training and validation can be compared; class weights act on the gradient alone.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import keras
import numpy as np
from numpy.typing import NDArray

from core.engine.loop import batches, schedules
from core.engine.loop.batches import BatchesPerCall, Part
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.schedules import Plan, TrainingState
from core.engine.loop.steps import Learner, Sums
from core.errors import UserError
from core.records import BatchMetrics, EpochMetrics, Phase
from core.words import say

REPORT_SECONDS = 0.25
NUMBER = {Phase.HEAD: 0, Phase.FINE_TUNE: 1}  # keys of random numbers


class MetricsReport(Protocol):
    """Whom the loop tells each measurement, and asks whether to go on."""

    def metrics(self, metrics: EpochMetrics | BatchMetrics) -> None: ...

    def stop(self) -> bool: ...


@dataclass(slots=True, kw_only=True)
class Trainer:
    """One phase under way; ``best`` holds the values of the best epoch so far."""

    plan: Plan
    learner: Learner
    dropouts: list[keras.layers.Dropout]
    report: MetricsReport
    save: Callable[[Checkpoint], None]  # after each whole epoch
    best: list[NDArray]
    pace: BatchesPerCall = field(default_factory=BatchesPerCall)
    reported_at: float = 0.0


def fit(trainer: Trainer, state: TrainingState, *, train: Part, validation: Part) -> TrainingState:
    """Train from where it stands until the phase ends or is stopped; ``best`` follows."""
    plan = trainer.plan
    while state.epoch < plan.epochs and not state.finished and not trainer.report.stop():
        metrics = _epoch(trainer, state, train, validation)
        if metrics is None:
            break
        new = _take_in(trainer, state, metrics)
        trainer.save(Checkpoint(new, trainer.learner.state, trainer.best))
        state = new
    return state


def _take_in(trainer: Trainer, state: TrainingState, metrics: EpochMetrics) -> TrainingState:
    """Judge a whole epoch; one whose loss is no number ends the phase, or the run."""
    if not math.isfinite(metrics.val_loss + metrics.loss):
        if not state.best_epoch:
            raise diverged(trainer.plan, metrics.epoch)
        return replace(state, finished=True)
    trainer.report.metrics(metrics)
    new = schedules.advance(state, trainer.plan, metrics)
    if (new.best_phase, new.best_epoch) == (metrics.phase, metrics.epoch):
        trainer.best = trainer.learner.values
    return new


def diverged(plan: Plan, epoch: int) -> UserError:
    """Explain a loss that grew beyond all numbers."""
    return UserError(
        say("The loss was no longer a number in epoch {epoch}.", epoch=epoch),
        expected=say("With a learning rate that suits the data, the loss falls."),
        mend=say("Try a learning rate of {rate}.", rate=f"{plan.peak / 10:.2g}"),
    )


def _epoch(
    trainer: Trainer, state: TrainingState, train: Part, validation: Part
) -> EpochMetrics | None:
    """Train and judge one epoch; None when it was stopped before its end."""
    plan, start, epoch = trainer.plan, time.monotonic(), state.epoch + 1
    _seed(trainer.dropouts, plan, epoch)
    size = state.batch_size
    num_batches = -(-len(train) // size)
    rates = schedules.rates(plan, epoch=epoch, num_batches=num_batches, factor=state.factor)
    sums = _learn(trainer, train, epoch, size, rates)
    if sums is None:
        return None
    seconds = time.monotonic() - start
    judged = _judge(trainer, validation, size, finish=not state.best_epoch)
    if judged is None:
        return None
    return EpochMetrics(
        phase=plan.phase,
        epoch=epoch,
        loss=sums.loss / sums.images,
        accuracy=sums.correct / sums.images,
        val_loss=judged.loss / judged.images,
        val_accuracy=judged.correct / judged.images,
        learning_rate=float(rates[-1]),
        seconds=time.monotonic() - start,
        images_per_second=sums.images / max(seconds, 1e-9),
        val_images=len(validation),
    )


def _learn(
    trainer: Trainer, part: Part, epoch: int, size: int, rates: NDArray[np.float32]
) -> Sums | None:
    """Learn from every training image once; None when stopped on the way."""
    plan = trainer.plan
    rows = batches.shuffled(len(part), plan.seed, NUMBER[plan.phase], epoch)
    views = part.features.epoch_views(plan.seed + NUMBER[plan.phase], epoch)
    sums, done, start = Sums(), 0, time.monotonic()
    replicas = trainer.learner.num_replicas
    for chunk in batches.chunks(part, rows, views, size=size, pace=trainer.pace, replicas=replicas):
        if trainer.report.stop():
            return None
        began = time.monotonic()
        sums += trainer.learner.train(chunk, rates[done : done + len(chunk[1])])
        trainer.pace.took(time.monotonic() - began)
        done += len(chunk[1])
        if done < len(rates):
            _report(trainer, _metrics(plan, epoch, done, rates, sums, time.monotonic() - start))
    return sums


def _metrics(
    plan: Plan, epoch: int, done: int, rates: NDArray[np.float32], sums: Sums, seconds: float
) -> BatchMetrics:
    return BatchMetrics(
        phase=plan.phase,
        epoch=epoch,
        batch=done,
        num_batches=len(rates),
        loss=sums.loss / sums.images,
        accuracy=sums.correct / sums.images,
        learning_rate=float(rates[done - 1]),
        images_per_second=sums.images / max(seconds, 1e-9),
    )


def _report(trainer: Trainer, metrics: BatchMetrics) -> None:
    """Report the first batch at once, later ones a few times a second."""
    now = time.monotonic()
    if now - trainer.reported_at >= REPORT_SECONDS and math.isfinite(metrics.loss):
        trainer.reported_at = now
        trainer.report.metrics(metrics)


def _judge(trainer: Trainer, part: Part, size: int, *, finish: bool) -> Sums | None:
    """Sum loss and right answers over a part: the images themselves, no dropout.

    None when stopped on the way, unless it is to finish: without a first epoch there is no model.
    """
    rows = np.arange(len(part))
    views = np.zeros(len(part), np.int64)
    sums, learner = Sums(), trainer.learner
    replicas = learner.num_replicas
    for chunk in batches.chunks(part, rows, views, size=size, pace=trainer.pace, replicas=replicas):
        if not finish and trainer.report.stop():
            return None
        sums += learner.test(chunk)
    return sums


def _seed(dropouts: list[keras.layers.Dropout], plan: Plan, epoch: int) -> None:
    """Make dropout a function of (seed, phase, epoch, step); Keras counts the steps."""
    key = np.random.default_rng((plan.seed, NUMBER[plan.phase], epoch, 2))
    for layer in dropouts:
        layer.seed_generator.state.assign(key.integers(0, 2**31, 2).astype("uint32"))
