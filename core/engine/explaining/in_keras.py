"""A saved model in plain Keras, cut after its last feature map, and its head as numbers."""

from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.engine.explaining.cam import DenseLayer, HeadLayers
from core.engine.explaining.explainer import FINE, Explainer
from core.engine.networks import heads

_ACTIVATIONS = ("linear", "relu")


def load_saved(path: Path) -> Explainer | None:
    """Load a saved model as anybody would and cut it; None where its head is of another kind."""
    return of_model(keras.saving.load_model(path, compile=False, safe_mode=True))


def of_model(model: keras.Model) -> Explainer | None:
    """Cut a whole model: pixels, a backbone that is a model itself, and a head."""
    index, backbone = next(
        (i, layer) for i, layer in enumerate(model.layers) if isinstance(layer, keras.Model)
    )
    *layers, activation = model.layers[index + 1 :]
    head = _read(layers)
    if head is None:
        return None
    see, size = _seeing(backbone), int(model.input_shape[1])
    is_coarse = not head.keeps_places and max(backbone.output_shape[1:3]) < FINE
    return Explainer(
        head=head,
        is_number=activation.name == heads.NUMBER,
        is_sigmoid=activation.activation is keras.activations.sigmoid,
        size=size,
        see=see,
        see_larger=see if is_coarse and _takes(see, 2 * size) else None,
    )


def _read(layers: Sequence[keras.layers.Layer]) -> HeadLayers | None:
    """Read the layers between feature map and activation; None where one is of another kind."""
    pool, *others = layers
    dense = [layer for layer in others if isinstance(layer, keras.layers.Dense)]
    passed = (keras.layers.Dense, keras.layers.Dropout, keras.layers.UnitNormalization)
    is_known = isinstance(pool, keras.layers.GlobalAveragePooling2D | keras.layers.Flatten)
    if not is_known or not all(isinstance(layer, passed) for layer in others):
        return None
    return HeadLayers(
        tuple(_dense(layer) for layer in dense),
        keeps_places=isinstance(pool, keras.layers.Flatten),
        is_unit_length=any(isinstance(x, keras.layers.UnitNormalization) for x in others),
    )


def _dense(layer: keras.layers.Dense) -> DenseLayer:
    kernel, bias = layer.get_weights()
    return DenseLayer(kernel, bias, is_relu=layer.activation is keras.activations.relu)


def _seeing(backbone: keras.Model) -> Callable[[NDArray], NDArray]:
    """Run a backbone on an image of any size: `call` does not ask for that it was built for."""
    function = tf.function(
        lambda images: backbone.call(tf.cast(images, tf.float32), training=False), autograph=False
    )

    def see(image: NDArray) -> NDArray:
        return np.asarray(function(tf.constant(image[None]))[0])

    return see


def _takes(see: Callable[[NDArray], NDArray], side: int) -> bool:
    try:
        return see(np.zeros((side, side, 3), np.uint8)).size > 0
    except (ValueError, tf.errors.OpError):  # something in it is of one size
        return False
