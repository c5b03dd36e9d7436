"""A model as a SavedModel of TensorFlow: pixels in, a dictionary of outputs."""

from collections.abc import Callable
from pathlib import Path

import keras
import tensorflow as tf

from core.engine.networks import heads

INPUT = "pixels"


def write(model: keras.Model, folder: Path, *, batch: int | None = None) -> None:
    """Write a model that takes (``batch``, size, size, 3) float32 in 0..255; None: any number."""
    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serve", forward(model), input_signature=[signature(model, batch)])
    archive.write_out(str(folder), verbose=False)


def names_of(model: keras.Model) -> tuple[str, str]:
    """Name the outputs of a model, of which the second may not be there."""
    is_number = any(layer.name == heads.NUMBER for layer in model.layers)
    return (heads.NUMBER if is_number else "probabilities", "features")


def signature(model: keras.Model, batch: int | None) -> tf.TensorSpec:
    """Describe what a model takes."""
    return tf.TensorSpec((batch, *model.input_shape[1:]), tf.float32, name=INPUT)


def forward(model: keras.Model) -> Callable[[tf.Tensor], dict[str, tf.Tensor]]:
    """Give the outputs of a model by their names: the answer, and features where it has them."""

    def outputs(pixels: tf.Tensor) -> dict[str, tf.Tensor]:
        given = keras.tree.flatten(model(pixels, training=False))
        return dict(zip(names_of(model), given, strict=False))

    return outputs
