"""A model as one file of LiteRT (formerly TensorFlow Lite), whole or with smaller numbers."""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from core.engine.exporting import saved_model

Configure = Callable[[tf.lite.TFLiteConverter, np.ndarray], None]
FILE = "model.tflite"


def write_litert(
    model: keras.Model, folder: Path, calibration: np.ndarray, *, configure: Configure
) -> None:
    """Write the file, for one image at a time; builtin operations only, so that all phones run it.

    ``calibration``: training images (num, size, size, 3) uint8.
    """
    with tempfile.TemporaryDirectory(dir=folder) as saved:
        saved_model.write(model, Path(saved), batch=1)
        converter = tf.lite.TFLiteConverter.from_saved_model(saved)
        configure(converter, calibration)
        (folder / FILE).write_bytes(converter.convert())


def _whole(converter: tf.lite.TFLiteConverter, calibration: np.ndarray) -> None:
    """Keep every number as it is."""


def _halved(converter: tf.lite.TFLiteConverter, calibration: np.ndarray) -> None:
    """Keep weights in 16 bits."""
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [tf.float16]


def _dynamic(converter: tf.lite.TFLiteConverter, calibration: np.ndarray) -> None:
    """Keep weights in 8 bits; what flows through is measured image by image."""
    converter.optimizations = [tf.lite.Optimize.DEFAULT]


def _integers(converter: tf.lite.TFLiteConverter, calibration: np.ndarray) -> None:
    """Compute in 8 bits throughout, by the ranges that training images have; pixels stay floats."""

    def images() -> Iterator[list[np.ndarray]]:
        for image in calibration:
            yield [image[None].astype(np.float32)]

    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = images
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]


WRITERS = {
    "litert": partial(write_litert, configure=_whole),
    "browser": partial(write_litert, configure=_whole),
    "litert-float16": partial(write_litert, configure=_halved),
    "litert-dynamic": partial(write_litert, configure=_dynamic),
    "litert-int8": partial(write_litert, configure=_integers),
}
