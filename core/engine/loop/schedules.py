"""Learning rates of a phase, and the state machine of its epochs: plateau and early end.

The last epoch of a phase is kept, whatever it scores: what is picked for its score on some images
is not judged by them. An epoch counts as progress when it improves accuracy or loss: with few
images the accuracy moves in coarse steps, and the loss shows earlier whether more training helps.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from core.models.catalog import SCHEDULES
from core.records import EpochMetrics, Paired, Phase, TrainConfig
from core.records.choices import CLASSIFICATION, TASKS, Task

PLATEAU_PATIENCE = 2  # epochs without improvement before the rate is lowered
PLATEAU_FACTOR = 0.3
PLATEAU_FLOOR = 0.01  # of the peak
WARM_UP_SHARE = (
    0.1  # of a fine-tuning phase, at most one epoch: the new optimizer knows nothing yet
)

Rates = NDArray[np.float64]
FORMULAS: Mapping[str, Callable[[Rates], Rates]] = {  # share of the phase done -> of the peak
    "constant": np.ones_like,
    "cosine": lambda done: 0.5 * (1 + np.cos(math.pi * done)),  # Loshchilov & Hutter 2017
    "plateau": np.ones_like,  # see `advance`
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one phase does."""

    phase: Phase
    epochs: int
    batch_size: int
    peak: float  # learning rate
    schedule: str
    patience: int
    seed: int
    task: Task = TASKS[CLASSIFICATION]
    unit: float = 1.0  # of a standardised number, in that of the user


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingState:
    """Where training stands after a whole epoch: all that a resumed run must know but weights."""

    phase: Phase = Phase.HEAD
    epoch: int = 0  # whole epochs in this phase
    num_epochs: int = 0  # in all phases
    batch_size: int = 0
    loss: float = 0.0  # of the last whole epoch, on validation; without it, in training
    accuracy: float = 0.0  # or, of numbers, minus the mean absolute error
    kept_phase: Phase = field(default=Phase.HEAD, metadata={"was": "best_phase"})
    kept_epoch: int = field(default=0, metadata={"was": "best_epoch"})  # 0: none yet
    kept_loss: float = field(default=0.0, metadata={"was": "best_loss"})
    kept_accuracy: float = field(default=0.0, metadata={"was": "best_accuracy"})
    phase_loss: float = 0.0  # lowest validation loss of this phase
    phase_accuracy: float = 0.0  # highest
    waited: int = 0  # epochs without progress
    plateau: int = 0  # the same, or since the rate was last lowered
    factor: float = 1.0  # what the plateau schedule made of the rate
    finished: bool = False  # the phase ended early
    picked_end: bool = False  # a phase did so for its scores on the validation images
    tuned: Paired | None = None  # the end of fine-tuning against its beginning
    picking_cost: float = 0.0  # how much too high choosing between them makes the score
    solved: bool = False  # the head is not trained in epochs; `epoch` counts iterations


def plan_of(config: TrainConfig, phase: Phase, unit: float = 1.0) -> Plan:
    """Read from a configuration what a phase does; ``unit``: the deviation of its numbers."""
    head = phase is Phase.HEAD
    return Plan(
        phase=phase,
        epochs=config.epochs if head else config.fine_tune_epochs,
        batch_size=config.batch_size,
        peak=config.learning_rate if head else config.fine_tune_learning_rate,
        schedule=config.schedule,
        patience=config.patience,
        seed=config.seed,
        task=TASKS[config.task],
        unit=unit,
    )


def rates(plan: Plan, *, epoch: int, num_batches: int, factor: float) -> NDArray[np.float32]:
    """Give the learning rate of every batch of an epoch (counted from 1): (batches,), float32."""
    steps = np.arange((epoch - 1) * num_batches, epoch * num_batches, dtype=np.float64)
    total = plan.epochs * num_batches
    shape = factor * FORMULAS[plan.schedule](steps / total)
    if plan.phase is Phase.FINE_TUNE:
        warm = max(1, min(num_batches, round(WARM_UP_SHARE * total)))
        shape = shape * np.minimum(1.0, (steps + 1) / warm)
    return np.asarray(plan.peak * shape, dtype=np.float32)


def is_over(state: TrainingState, epochs: int) -> bool:
    """Tell whether a phase of so many epochs, in which training stands, came to its own end."""
    if state.solved:
        return state.finished
    return state.finished or state.epoch >= epochs


def enter(state: TrainingState, phase: Phase) -> TrainingState:
    """Begin a phase; what is kept so far stays so until the phase is over."""
    fresh = TrainingState()
    names = ("epoch", "waited", "plateau", "factor", "finished", "solved")
    return replace(state, phase=phase, **{name: getattr(fresh, name) for name in names})


def advance(state: TrainingState, plan: Plan, metrics: EpochMetrics) -> TrainingState:
    """Take in a whole epoch; without validation images its training figures tell of progress."""
    loss = metrics.loss if metrics.val_loss is None else metrics.val_loss
    accuracy = merit(metrics, plan.task)
    new = replace(
        state,
        epoch=metrics.epoch,
        num_epochs=state.num_epochs + 1,
        loss=loss,
        accuracy=accuracy,
    )
    if plan.phase is Phase.HEAD:
        new = keep(new)
    if metrics.epoch == 1:
        new = replace(new, phase_loss=loss, phase_accuracy=accuracy)
    elif loss < new.phase_loss or accuracy > new.phase_accuracy:
        lowest, highest = min(loss, new.phase_loss), max(accuracy, new.phase_accuracy)
        new = replace(new, phase_loss=lowest, phase_accuracy=highest, waited=0, plateau=0)
    else:
        new = _wait(new, plan)
    ended = _ends_early(new, plan)
    picked = new.picked_end or (ended and new.epoch < plan.epochs)
    return replace(new, finished=ended, picked_end=picked)


def merit(metrics: EpochMetrics, task: Task) -> float:
    """Give the figure of a task so that more is better; of the validation images if there are."""
    found = getattr(metrics, f"val_{task.figure}")
    value = float(getattr(metrics, task.figure) if found is None else found)
    return value if task.grows else -value


def keep(state: TrainingState) -> TrainingState:
    """Have the last whole epoch become the model."""
    return replace(
        state,
        kept_phase=state.phase,
        kept_epoch=state.epoch,
        kept_loss=state.loss,
        kept_accuracy=state.accuracy,
    )


def _ends_early(state: TrainingState, plan: Plan) -> bool:
    """Tell whether the validation images end a phase before its last epoch."""
    return bool(plan.patience) and state.waited >= plan.patience


def _wait(state: TrainingState, plan: Plan) -> TrainingState:
    new = replace(state, waited=state.waited + 1, plateau=state.plateau + 1)
    if SCHEDULES[plan.schedule].falls_when_stuck and new.plateau >= PLATEAU_PATIENCE:
        new = replace(new, plateau=0, factor=max(PLATEAU_FLOOR, new.factor * PLATEAU_FACTOR))
    return new
