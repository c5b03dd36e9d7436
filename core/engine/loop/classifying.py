"""Another classifier than the head that learns or is solved: fitted at once, told as one epoch."""

import time

import numpy as np
from numpy.typing import NDArray

from core.engine.loop import solving
from core.engine.loop.schedules import TrainingState
from core.engine.loop.solving import HeadTask, SolveReport
from core.judging import folds
from core.judging.classifiers import fitting
from core.judging.classifiers.fitting import Fitted
from core.judging.evaluation import calibration
from core.models.catalog import CLASSIFIERS
from core.records import EpochMetrics, Phase
from core.words import Message, say


def fit_at_once(
    name: str, task: HeadTask, state: TrainingState, report: SolveReport
) -> tuple[TrainingState, Fitted]:
    """Fit a classifier to the images themselves, and judge it.

    Its score on the training images is of folds: one that remembers them knows each of them.
    Raises `feature_cache.Stopped` when it is asked to stop before that.
    """
    began, labels = time.monotonic(), task.train.labels
    features = solving.read(task.train.features, 1, report)[:, 0]
    dealt = folds.deal(labels.tolist(), task.groups, task.contents)
    fitted, held = fitting.learn(name, features, labels, dealt, task.num_classes)
    seen = held.judged if held.judged.any() else np.ones(len(labels), bool)
    loss, named = _judge(held.logits[seen], labels[seen])
    val_loss, val_named = None, np.zeros(0, np.int32)
    if task.validation is not None:
        unseen = solving.read(task.validation.features, 1, report)[:, 0]
        val_loss, val_named = _judge(fitted.logits(unseen), task.validation.labels)
    report.named(Phase.HEAD, 1, val_named)
    metrics = EpochMetrics(
        phase=Phase.HEAD,
        epoch=1,
        loss=loss,
        accuracy=float((named == labels[seen]).mean()),
        val_loss=val_loss,
        val_accuracy=_share(val_named, task),
        learning_rate=0.0,
        seconds=time.monotonic() - began,
        val_images=len(val_named),
    )
    report.metrics(metrics)
    return solving.take_in(state, metrics, finished=True), fitted


def _share(named: NDArray, task: HeadTask) -> float | None:
    return None if task.validation is None else float((named == task.validation.labels).mean())


def _judge(logits: NDArray, labels: NDArray) -> tuple[float, NDArray[np.int32]]:
    """Give loss and answers: (images, classes) -> (images,)."""
    shares = calibration.probabilities(logits)[np.arange(len(labels)), labels]
    loss = -float(np.log(np.maximum(shares, 1e-12)).mean())
    return loss, logits.argmax(axis=1).astype(np.int32)


def told(name: str, accuracy: float, images: int) -> Message:
    """Say what was fitted, and how many of the validation ``images`` it names rightly."""
    title = say(CLASSIFIERS[name].title)
    if not images:
        return say("{classifier}: fitted, to the validation images too.", classifier=title)
    return say(
        "{classifier}: fitted; {correct} of {images} validation images are right.",
        classifier=title,
        correct=round(accuracy * images),
        images=images,
    )
