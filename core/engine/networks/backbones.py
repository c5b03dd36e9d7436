"""Backbones as Keras models that take raw pixels; the preprocessing is part of the graph."""

from pathlib import Path
from typing import Any

import keras

from core.engine.networks import own
from core.models.catalog import Backbone

# `keras.applications.imagenet_utils.preprocess_input`, as layers that a saved model keeps.
_BGR_MEAN = (103.939, 116.779, 123.68)
_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)


def build_backbone(backbone: Backbone, image_size: int, weights: Path | None) -> keras.Model:
    """Build a backbone without its top, in inference mode.

    Takes (batch, image_size, image_size, 3) float32 RGB in 0..255 and gives its last feature
    map. Without a weights file the weights are random, from Keras' own seed.
    """
    return _build(backbone, image_size, weights, include_top=False)


def build_original(backbone: Backbone, weights: Path) -> keras.Model:
    """Build the whole network that a backbone was cut from, for images of its default size.

    Takes pixels as `build_backbone` does and gives the probabilities of ImageNet's classes.
    """
    return _build(backbone, backbone.default_size, weights, include_top=True)


def _build(
    backbone: Backbone, image_size: int, weights: Path | None, *, include_top: bool
) -> keras.Model:
    shape = (image_size, image_size, 3)
    pixels = keras.Input(shape, name="pixels")
    if backbone.folder:
        return _build_own(backbone, pixels, weights)
    model = getattr(keras.applications, backbone.constructor)(
        include_top=include_top,
        weights=None if weights is None else str(weights),
        input_shape=shape,
        input_tensor=preprocess(pixels, backbone.preprocessing),
        **dict(backbone.arguments),
    )
    if weights is not None and backbone.constructor.startswith("EfficientNetB"):
        _divide_by_deviation(model)
    _keep_statistics(model)
    return keras.Model(pixels, model.output, name=model.name)


def _build_own(backbone: Backbone, pixels: Any, weights: Path | None) -> keras.Model:
    """Put what prepares the pixels before a backbone that a user brought."""
    model = own.load(backbone, pixels.shape[1], weights)
    _keep_statistics(model)
    prepared = preprocess(pixels, backbone.preprocessing)
    return keras.Model(pixels, model.call(prepared), name=model.name)


def preprocess(pixels: Any, kind: str) -> Any:
    """Bring 0..255 RGB into the range that a network wants: inside | unit | tf | caffe | torch."""
    if kind == "tf":
        return keras.layers.Rescaling(1 / 127.5, offset=-1.0)(pixels)
    if kind == "caffe":
        return keras.layers.Rescaling(1.0, offset=[-m for m in _BGR_MEAN])(
            keras.ops.flip(pixels, axis=-1)
        )
    if kind == "torch":
        return keras.layers.Rescaling(
            [1 / (255 * d) for d in _DEVIATION],
            offset=[-m / d for m, d in zip(_MEAN, _DEVIATION, strict=True)],
        )(pixels)
    if kind == "unit":
        return keras.layers.Rescaling(1 / 255)(pixels)
    return pixels


def _divide_by_deviation(model: keras.Model) -> None:
    """Do in the normalisation what Keras adds as a layer only when it downloads the weights.

    The file holds the deviation in the place of the variance, so Keras divides by its root a
    second time (keras/src/applications/efficientnet.py).
    """
    layer = next(x for x in model.layers if isinstance(x, keras.layers.Normalization))
    layer.adapt_variance.assign(layer.adapt_variance * keras.ops.array(_DEVIATION))
    layer.finalize_state()


def _keep_statistics(model: keras.Model) -> None:
    """Leave BatchNorm as it was trained, even if somebody calls the model in training mode."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False


def copy_weights(source: keras.Model, target: keras.Model) -> None:
    """Give a network the weights of another one like it.

    A layer that normalises keeps beside its weights what it computed of them, which it does anew
    only where weights are loaded from a file.
    """
    target.set_weights(source.get_weights())
    for layer in target.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
