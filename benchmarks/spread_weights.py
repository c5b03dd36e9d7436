"""Weights of a backbone that were never trained and yet tell images apart, as a file of Keras.

``python -m benchmarks.spread_weights BACKBONE SIZE FILE IMAGE ...`` writes them. Random weights
give nearly the same features for every image, and 8 bits leave nothing of such a difference. So
every normalisation takes the statistics of images, as it would in training; and residuals count.
What leaves a normalisation is mostly positive: with half of it cut off in each layer, what 8 bits
round off grows from layer to layer until it is all there is.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format

from core.engine.networks import backbones
from core.images import pixels
from core.models.catalog import BACKBONES

_POSITIVE = 1.5  # standard deviations
_RESIDUAL = 0.3  # of ConvNeXt, whose layers begin with 1e-6 and do nothing


def write(name: str, size: int, file: Path, images: Sequence[Path]) -> None:
    """Write the file where Keras would have put a download. ``images``: files of any size."""
    keras.utils.set_random_seed(0)
    model = backbones.build_backbone(BACKBONES[name], size, None)
    seen = np.array([pixels.read_copy(path, size) for path in images], np.float32)
    _spread(model, seen)
    with h5py.File(file, "w") as opened:
        legacy_h5_format.save_weights_to_hdf5_group(opened, model)


def _spread(model: keras.Model, seen: np.ndarray) -> None:
    """Give each normalisation the statistics of images: (batch, size, size, 3) in 0..255."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable, layer.momentum = True, 0.0
            if layer.center:
                layer.beta.assign(keras.ops.full_like(layer.beta, _POSITIVE))
        if type(layer).__name__ == "LayerScale":
            layer.gamma.assign(keras.ops.full_like(layer.gamma, _RESIDUAL))
    model(seen, training=True)


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), [Path(p) for p in sys.argv[4:]])
