"""The head of a number solved at once: what `loop.solving` is to classes."""

import time

import numpy as np
from numpy.typing import NDArray

from core.engine.features.feature_cache import Stopped
from core.engine.loop import solving
from core.engine.loop.batches import Part
from core.engine.loop.schedules import TrainingState
from core.engine.loop.solving import SEARCHING, HeadTask, SolveReport
from core.judging import folds, solver
from core.judging.design import prepare
from core.judging.head import LinearHead
from core.judging.numbers import ridge
from core.models.solving import STRENGTH
from core.records import EpochMetrics, Phase
from core.records.choices import REGRESSION
from core.words import say

_STRATA = 10  # ranges of numbers that are dealt into folds evenly


def solve_number(
    task: HeadTask, state: TrainingState, report: SolveReport, unit: float
) -> tuple[TrainingState, LinearHead]:
    """Choose the strength by folds, then solve; told as one iteration.

    ``unit``: of a standardised number. Raises `Stopped` when it is asked to stop before that.
    """
    began = time.monotonic()
    seen = solving.read(task.train.features, task.num_views, report)
    strength = _strength(task, seen[:, 0], report)
    if report.stop():
        raise Stopped
    design = prepare(seen)
    found = design.head(ridge.solve(design, task.train.labels, strength))
    validation, told = task.validation, dict[str, float]()
    if validation is not None:
        unseen = solving.read(validation.features, 1, report)[:, 0]
        told = {f"val_{name}": one for name, one in _judge(found, unseen, validation, unit).items()}
    metrics = EpochMetrics(
        phase=Phase.HEAD,
        epoch=1,
        accuracy=0.0,
        val_loss=told.get("val_loss"),
        val_accuracy=None,
        val_mae=told.get("val_mae"),
        **_judge(found, seen[:, 0], task.train, unit),
        learning_rate=0.0,
        seconds=time.monotonic() - began,
        val_images=0 if validation is None else len(validation),
    )
    report.metrics(metrics)
    return solving.take_in(state, metrics, finished=True, task=REGRESSION), found


def _judge(head: LinearHead, features: NDArray, part: Part, unit: float) -> dict[str, float]:
    """Give loss and figure in the unit of the user."""
    errors = (head.logits(features)[:, 0] - part.labels) * unit
    return {"loss": float((errors**2).mean()), "mae": float(np.abs(errors).mean())}


def _strength(task: HeadTask, features: NDArray, report: SolveReport) -> float:
    """Choose the strength of the decay on folds of the training images, and say it."""
    size = solver.SMALL_SAMPLE if task.is_quick else solver.SAMPLE
    labels = task.train.labels
    edges = np.quantile(labels, np.arange(1, _STRATA) / _STRATA)
    ranges = np.searchsorted(edges, labels, side="right").tolist()
    dealt = folds.deal(ranges, task.groups, task.contents, sample=size)
    inside = dealt != folds.SKIPPED
    trials = []
    for trial in ridge.search(prepare(features[inside]), labels[inside], dealt[inside]):
        trials.append(trial)
        report.progress(SEARCHING * len(trials) / len(ridge.STRENGTHS))
    strength = ridge.best(trials)
    report.log(say(STRENGTH, value=float(f"{strength:.2g}")))
    return strength
