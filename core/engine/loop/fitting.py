"""The training loop of one phase: epochs over the frozen prefix's output.

Losses are the mean cross-entropy in nats over images, without class weights, so that the curves of
training and validation can be compared; class weights act on the gradient alone. Of numbers they
are mean squared errors, told in the unit of the user, squared.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import keras
import numpy as np
from numpy.typing import NDArray

from core.engine.loop import batches, schedules
from core.engine.loop.batches import BatchesPerCall, Part
from core.engine.loop.checkpoint import NO_ANSWERS, Checkpoint
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

    def named(self, phase: Phase, epoch: int, named: NDArray) -> None: ...

    def stop(self) -> bool: ...


@dataclass(slots=True, kw_only=True)
class Trainer:
    """What trains one phase."""

    plan: Plan
    learner: Learner
    dropouts: list[keras.layers.Dropout]
    report: MetricsReport
    save: Callable[[Checkpoint], None]  # after each whole epoch
    pace: BatchesPerCall = field(default_factory=BatchesPerCall)
    reported_at: float = 0.0


def begin(trainer: Trainer, state: TrainingState) -> Checkpoint:
    """Give where a phase stands before its first epoch."""
    values = trainer.learner.values
    before = values if trainer.plan.phase is Phase.FINE_TUNE else []
    return Checkpoint(state, values, trainer.learner.state[len(values) :], before=before)


def fit(trainer: Trainer, saved: Checkpoint, *, train: Part, validation: Part | None) -> Checkpoint:
    """Train from where it stands until the phase ends or is stopped; give its last whole epoch."""
    epochs = trainer.plan.epochs
    while not schedules.is_over(saved.state, epochs) and not trainer.report.stop():
        begun = _judge_before(trainer, saved, validation)
        if begun is None:
            break
        found = _epoch(trainer, begun.state, train, validation)
        if found is None:
            break
        saved = _take_in(trainer, begun, *found, validation)
        trainer.save(saved)
    return saved


def _judge_before(
    trainer: Trainer, saved: Checkpoint, validation: Part | None
) -> Checkpoint | None:
    """Note which images are named rightly as fine-tuning begins; None when stopped on the way."""
    if trainer.plan.phase is Phase.HEAD or len(saved.right_before) or validation is None:
        return saved
    learner = trainer.learner
    learner.values = saved.before
    judged = _judge(trainer, validation, saved.state.batch_size, finish=False)
    learner.values = saved.values
    if judged is None:
        return None
    return replace(saved, right_before=_right(trainer, validation, judged[1]))


def _right(trainer: Trainer, validation: Part | None, named: NDArray) -> NDArray:
    """Tell which images are named rightly; of numbers how far off each is."""
    errors = trainer.learner.loss.errors
    return NO_ANSWERS if validation is None else errors(named, validation.labels)


def _take_in(
    trainer: Trainer,
    saved: Checkpoint,
    metrics: EpochMetrics,
    named: NDArray,
    validation: Part | None,
) -> Checkpoint:
    """Judge a whole epoch; one whose loss is no number ends the phase, or the run."""
    if not math.isfinite((metrics.val_loss or 0.0) + metrics.loss):
        if not saved.state.kept_epoch:
            raise diverged(trainer.plan, metrics.epoch)
        return replace(saved, state=replace(saved.state, finished=True))
    trainer.report.named(metrics.phase, metrics.epoch, named)
    trainer.report.metrics(metrics)
    state, num = trainer.learner.state, len(saved.values)
    tunes = metrics.phase is Phase.FINE_TUNE
    return replace(
        saved,
        state=schedules.advance(saved.state, trainer.plan, metrics),
        values=state[:num],
        optimizer=state[num:],
        right=_right(trainer, validation, named),
        before=saved.before if tunes else [],
    )


def diverged(plan: Plan, epoch: int) -> UserError:
    """Explain a loss that grew beyond all numbers."""
    return UserError(
        say("The loss was no longer a number in epoch {epoch}.", epoch=epoch),
        expected=say("With a learning rate that suits the data, the loss falls."),
        mend=say("Try a learning rate of {rate}.", rate=f"{plan.peak / 10:.2g}"),
    )


def _epoch(
    trainer: Trainer, state: TrainingState, train: Part, validation: Part | None
) -> tuple[EpochMetrics, NDArray] | None:
    """Train and judge one epoch; None when it was stopped before its end.

    Beside its metrics: what each validation image is answered, (images,).
    """
    plan, start, epoch = trainer.plan, time.monotonic(), state.epoch + 1
    _seed(trainer.dropouts, plan, epoch)
    size = state.batch_size
    num_batches = -(-len(train) // size)
    rates = schedules.rates(plan, epoch=epoch, num_batches=num_batches, factor=state.factor)
    sums = _learn(trainer, train, epoch, size, rates)
    if sums is None:
        return None
    seconds = time.monotonic() - start
    found = _judge(trainer, validation, size, finish=not state.kept_epoch)
    if found is None:
        return None
    judged, named = found
    metrics = EpochMetrics(
        phase=plan.phase,
        epoch=epoch,
        **figures(plan, sums),
        **_of_validation(plan, judged),
        learning_rate=float(rates[-1]),
        seconds=time.monotonic() - start,
        images_per_second=sums.images / max(seconds, 1e-9),
        val_images=len(named),
    )
    return metrics, named


def _of_validation(plan: Plan, judged: Sums) -> dict[str, Any]:
    """Give the same of the validation images; of none there is nothing."""
    found = {f"val_{name}": value for name, value in figures(plan, judged).items()}
    none = {} if found and plan.task.grows else {"val_accuracy": None}
    return {"val_loss": None, **found, **none}


def figures(plan: Plan, sums: Sums) -> dict[str, Any]:
    """Give the mean loss and the figure of the task, in the unit of the user; none of no image."""
    if not sums.images:
        return {}
    figure = {plan.task.figure: sums.figure / sums.images * plan.unit}
    return {"accuracy": 0.0, "loss": sums.loss / sums.images * plan.unit**2, **figure}


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
        **figures(plan, sums),
        learning_rate=float(rates[done - 1]),
        images_per_second=sums.images / max(seconds, 1e-9),
    )


def _report(trainer: Trainer, metrics: BatchMetrics) -> None:
    """Report the first batch at once, later ones a few times a second."""
    now = time.monotonic()
    if now - trainer.reported_at >= REPORT_SECONDS and math.isfinite(metrics.loss):
        trainer.reported_at = now
        trainer.report.metrics(metrics)


def _judge(
    trainer: Trainer, part: Part | None, size: int, *, finish: bool
) -> tuple[Sums, NDArray] | None:
    """Sum loss and figure over a part: the images themselves, no dropout.

    Beside the sums: what each image is answered, (images,).
    None when stopped on the way, unless it is to finish: without a first epoch there is no model.
    """
    if part is None:
        return Sums(), np.zeros(0, np.int32)
    rows = np.arange(len(part))
    views = np.zeros(len(part), np.int64)
    sums, names, learner = Sums(), [], trainer.learner
    replicas = learner.num_replicas
    for chunk in batches.chunks(part, rows, views, size=size, pace=trainer.pace, replicas=replicas):
        if not finish and trainer.report.stop():
            return None
        judged, named = learner.test(chunk)
        sums += judged
        names.append(named)
    return sums, np.concatenate(names)


def _seed(dropouts: list[keras.layers.Dropout], plan: Plan, epoch: int) -> None:
    """Make dropout a function of (seed, phase, epoch, step); Keras counts the steps."""
    key = np.random.default_rng((plan.seed, NUMBER[plan.phase], epoch, 2))
    for layer in dropouts:
        layer.seed_generator.state.assign(key.integers(0, 2**31, 2).astype("uint32"))
