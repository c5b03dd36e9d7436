"""Curves of made-up trainings: images with margins, so that losses and shares belong together."""

from collections.abc import Callable

import numpy as np

from core.insights.coaching.curves import Evidence
from core.insights.coaching.number_figures import Distances
from core.insights.coaching.share_figures import Shares
from core.records import EpochMetrics, Phase, Target

NUM_TRAIN = 600


def evidence(images: int, *, majority: float = 0.5, witnesses: int | None = None) -> Evidence:
    return Evidence(
        num_train=NUM_TRAIN,
        num_validation=images,
        witnesses=images if witnesses is None else witnesses,
        figures=Shares(train_majority=majority, majority=majority, num_classes=2),
    )


def training(
    rng: np.random.Generator,
    images: int,
    *,
    epochs: int = 40,
    skill: Callable[[float], float] = lambda t: 1.2 * (1 - np.exp(-6 * t)),
    memory: Callable[[float], float] = lambda t: 0.2 * t,
    sharpness: Callable[[float], float] | None = None,
    jitter: float = 0.05,
    phase: Phase = Phase.HEAD,
) -> list[EpochMetrics]:
    """Train on two classes: an image has a quality, its margin is sharpness x (quality + skill).

    ``skill``: what is learned of all images by a time from 0 to 1; ``memory``: of those of
    training alone; ``sharpness``: how sure it is, if none 2 x skill, which is calibrated;
    ``jitter``: from epoch to epoch, of all margins and, six times as much, of each image's.
    """
    unseen, seen = rng.standard_normal(images), rng.standard_normal(NUM_TRAIN)
    lines = []
    for epoch in range(1, epochs + 1):
        t = epoch / epochs
        sharp = (sharpness(t) if sharpness else 2 * skill(t)) * np.exp(
            jitter * rng.standard_normal()
        )
        judged = _judge(rng, sharp * (unseen + skill(t)), 6 * jitter)
        trained = _judge(rng, sharp * (seen + skill(t) + memory(t)), 6 * jitter)
        lines.append(
            EpochMetrics(
                phase=phase,
                epoch=epoch,
                loss=trained[0],
                accuracy=trained[1],
                val_loss=judged[0],
                val_accuracy=judged[1],
                learning_rate=1e-3,
                seconds=0.1,
                val_images=images,
            )
        )
    return lines


def _judge(rng: np.random.Generator, margins: np.ndarray, noise: float) -> tuple[float, float]:
    margins = margins + noise * rng.standard_normal(len(margins))
    return float(np.logaddexp(0, -margins).mean()), float((margins > 0).mean())


def number_evidence(images: int, *, witnesses: int | None = None) -> Evidence:
    return Evidence(
        num_train=NUM_TRAIN,
        num_validation=images,
        witnesses=images if witnesses is None else witnesses,
        figures=Distances(
            target=Target(name="width", unit="mm", mean=30, deviation=12),
            mean_trained=10.0,
            mean_judged=10.0,
        ),
    )


def number_training(
    rng: np.random.Generator,
    images: int,
    *,
    epochs: int = 40,
    unseen: Callable[[float], float] = lambda t: 3 + 9 * np.exp(-8 * t),
    seen: Callable[[float], float] = lambda t: 2.8 + 9.2 * np.exp(-8 * t),
    heavy: bool = False,
    jitter: float = 0.05,
) -> list[EpochMetrics]:
    """Read a number: an image has an error of its own, times how far off all are by a time.

    ``unseen``, ``seen``: deviation of the errors of validation and of training by a time from 0 to
    1; ``heavy``: a few images are far off; ``jitter``: from epoch to epoch, of all errors and, six
    times as much, of each image's.
    """

    def draw(num: int) -> np.ndarray:
        return rng.standard_t(4, num) / np.sqrt(2) if heavy else rng.standard_normal(num)

    others, known = draw(images), draw(NUM_TRAIN)

    def far(own: np.ndarray, scale: float) -> tuple[float, float]:
        noise = 6 * jitter * rng.standard_normal(len(own))
        errors = scale * (own + noise)
        return float((errors**2).mean()), float(np.abs(errors).mean())

    lines = []
    for epoch in range(1, epochs + 1):
        t, off = epoch / epochs, np.exp(jitter * rng.standard_normal())
        judged, trained = far(others, off * unseen(t)), far(known, off * seen(t))
        lines.append(number_epoch(epoch, trained, judged, images=images))
    return lines


def number_epoch(
    epoch: int,
    trained: tuple[float, float],
    judged: tuple[float, float],
    *,
    phase: Phase = Phase.HEAD,
    images: int = 100,
) -> EpochMetrics:
    """Write an epoch down: mean squared and mean absolute error of training and validation."""
    return EpochMetrics(
        phase=phase,
        epoch=epoch,
        loss=trained[0],
        accuracy=0.0,
        val_loss=judged[0],
        val_accuracy=None,
        learning_rate=1e-3,
        seconds=0.1,
        val_images=images,
        mae=trained[1],
        val_mae=judged[1],
    )
