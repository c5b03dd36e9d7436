"""How long finished models take for an image here, side by side."""

import time
from collections.abc import Sequence

import numpy as np

from core.engine.features.running import run
from core.engine.prediction.compiled import Predictor

ROUNDS = 5  # of each model, in turn: what else the machine does hits all alike
IMAGES = 16  # in a round


def milliseconds(predictors: Sequence[Predictor]) -> list[float]:
    """Measure each on the engine that it answers on; reading the files is not in it.

    The quickest round counts: whatever else the machine does only makes it slower.
    """
    took: list[list[float]] = [[] for _ in predictors]
    for _ in range(ROUNDS):
        for predictor, seconds in zip(predictors, took, strict=True):
            seconds.append(_round(predictor))
    return [1000 * min(seconds) / IMAGES for seconds in took]


def _round(predictor: Predictor) -> float:
    draw = np.random.default_rng(0)
    images = list(draw.integers(0, 256, (IMAGES, predictor.size, predictor.size, 3), np.uint8))
    began = time.perf_counter()
    for _ in run(predictor.network, images):
        pass
    return time.perf_counter() - began
