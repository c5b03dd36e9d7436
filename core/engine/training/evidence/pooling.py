"""Pooled features of images by what a run keeps, while its network is at hand."""

import keras
import numpy as np
from numpy.typing import NDArray

from core.engine.features.pipeline import Features, Image
from core.engine.loop.schedules import TrainingState
from core.engine.networks import network, pooled
from core.engine.training import setup
from core.engine.training.evidence import answers
from core.engine.training.progress import Silent
from core.engine.training.setup import ORIGINALS, Setup
from core.records import Phase


def of_images(
    ready: Setup, state: TrainingState, images: tuple[Image, ...], beside: tuple[Image, ...]
) -> NDArray[np.float32]:
    """Pool what the kept backbone makes of images: (images, channels).

    Where the backbone is as it was, the cache has it; what was thawed is run over the features of
    what is frozen. What is kept of images ``beside`` stays.
    """
    phase = state.kept_phase
    features = setup.features_of(ready, phase, images, ORIGINALS, Silent(), beside=beside)
    if phase is Phase.FINE_TUNE:
        return answers.run(pooled.suffix(network.learner(ready.network, phase)), features)
    return means_of(features, ready.network.backbone)


def means_of(features: Features, backbone: keras.Model) -> NDArray[np.float32]:
    """Pool features of the whole backbone: (images, channels)."""
    return np.concatenate([_means(part, backbone) for part in _parts(features)])


def _parts(features: Features) -> list[NDArray]:
    return [features.batch(rows, np.zeros(len(rows), np.int64)) for rows in answers.parts(features)]


def _means(vectors: NDArray, backbone: keras.Model) -> NDArray[np.float32]:
    """Average vectors that are whole maps, cell by cell; pooled ones stay: (images, channels)."""
    channels = int(backbone.output_shape[-1])
    cells = np.asarray(vectors, np.float32).reshape(len(vectors), -1, channels)
    return cells.mean(axis=1)
