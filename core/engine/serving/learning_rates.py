"""The learning-rate finder: ever larger steps on cached features, and the rate to start from.

The exponential sweep is of Smith (2017, "Cyclical learning rates for training neural networks");
smoothing, end and the "valley" rule are those of fastai's ``lr_find``.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from core.engine.device import Device
from core.engine.features.feature_cache import Stopped
from core.engine.loop import batches
from core.engine.loop.batches import Part
from core.engine.loop.steps import Learner
from core.engine.training import phases, setup, training_data
from core.engine.training.progress import Silent
from core.engine.training.setup import ORIGINALS
from core.errors import UserError
from core.records import LearningRateCurve, Phase, TrainConfig
from core.words import say
from core.workspace import Workspace

LOWEST, HIGHEST, NUM_STEPS = 1e-7, 10.0, 100
_SMOOTHING = 0.98  # share of the past in the smoothed loss
_DIVERGED = 4.0  # times the best loss so far
_SKIPPED_FIRST, _SKIPPED_LAST = NUM_STEPS // 10, 5  # steps that the suggestion does not look at
_FEWEST = 20  # steps for a suggestion to mean something
PATIENCE = 2.0  # seconds; meanwhile nobody else is answered


def find(ws: Workspace, config: TrainConfig, device: Device) -> LearningRateCurve:
    """Find a learning rate for the head on the training part, as its images are.

    Raises `UserError` where a run is at the same images: whoever asks next would wait for it, too.
    """
    data = training_data.read(ws, config)
    ready = setup.prepare(ws, config, data, device=device, report=Silent())
    images = data.train
    try:
        features = setup.features_of(
            ready, Phase.HEAD, images.images, ORIGINALS, Silent(), patience=PATIENCE
        )
    except Stopped:
        raise _busy() from None
    return sweep(
        phases.make_learner(ready, Phase.HEAD),
        phases.make_part(features, images, data.target, balanced=config.class_weights),
        batch_size=config.batch_size,
        seed=config.seed,
        stop=Silent().stop,
    )


def _busy() -> UserError:
    return UserError(
        say("The same images are being prepared for a training at the moment."),
        expected=say("The trial uses what is prepared, and does not wait until it is."),
        mend=say("Try again in a moment, at the latest when the training shows its first epoch."),
    )


def sweep(
    learner: Learner, part: Part, *, batch_size: int, seed: int, stop: Callable[[], bool]
) -> LearningRateCurve:
    """Train with a rate that grows from batch to batch until the loss runs away.

    ``learner`` is spoiled by it: make one for the purpose. Raises `UserError` where no rate teaches
    it anything.
    """
    rates, losses = _losses(learner, _batches(part, batch_size, seed), stop)
    if len(losses) < _FEWEST:
        raise UserError(
            say("The loss ran away after {num} steps.", num=len(losses)),
            expected=say("With tiny steps it should hardly change."),
            mend=say("Keep the learning rate that the preset gives."),
        )
    return LearningRateCurve(
        learning_rates=tuple(rates), losses=tuple(losses), suggestion=valley(rates, losses)
    )


def _losses(
    learner: Learner, source: Iterator[batches.Batches], stop: Callable[[], bool]
) -> tuple[list[float], list[float]]:
    """Give the rates tried and the smoothed loss before each step."""
    rates: list[float] = []
    losses: list[float] = []
    mean = 0.0
    for step, rate in enumerate(np.geomspace(LOWEST, HIGHEST, NUM_STEPS), start=1):
        sums = learner.train(next(source), np.array([rate], np.float32))
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * sums.loss / sums.images
        smoothed = mean / (1 - _SMOOTHING**step)
        if not math.isfinite(smoothed) or smoothed > _DIVERGED * min(losses, default=smoothed):
            break
        rates.append(float(rate))
        losses.append(smoothed)
        if stop():
            break
    return rates, losses


def _batches(part: Part, size: int, seed: int) -> Iterator[batches.Batches]:
    """Give batch after batch of the images themselves, in a new order each time round."""
    views, size = np.zeros(len(part), np.int64), min(size, len(part))
    epoch = 0
    while True:
        order = batches.shuffled(len(part), seed, epoch)
        for start in range(0, len(part) - size + 1, size):
            rows = order[start : start + size]
            inputs = part.features.batch(rows, views[rows])
            yield inputs[None], part.labels[rows][None], part.weights[rows][None]
        epoch += 1


def valley(rates: Sequence[float], losses: Sequence[float]) -> float:
    """Suggest the rate half way down the longest stretch in which the loss keeps falling.

    fastai's rule: the longest falling subsequence of the losses, and in it the point after a third
    and half a third more.
    """
    considered = losses[_SKIPPED_FIRST : len(losses) - _SKIPPED_LAST]
    lengths = [1] * len(considered)
    end = 0
    for i, loss in enumerate(considered):
        falling = [lengths[j] for j in range(i) if loss < considered[j]]
        lengths[i] = 1 + max(falling, default=0)
        if lengths[i] > lengths[end]:
            end = i
    start = max(0, end - lengths[end])
    third = (end - start) / 3
    return rates[_SKIPPED_FIRST + start + int(third) + int(third / 2)]
