"""A model with models inside as one plain graph of layers, which can be cut anywhere."""

from collections.abc import Callable
from typing import Any

import keras

# They vary training images, which Thaw does itself; on other images they do nothing.
_VARIES = (
    keras.layers.GaussianNoise,
    keras.layers.RandomBrightness,
    keras.layers.RandomContrast,
    keras.layers.RandomFlip,
    keras.layers.RandomRotation,
    keras.layers.RandomTranslation,
    keras.layers.RandomZoom,
)
_NOTHING = {"ConvertToTensor"}  # Keras puts it before a model that is called inside another


def flatten(model: keras.Model) -> keras.Model:
    """Give a model that computes the same with the same layers, none of which is a model.

    Layers with one name get different ones.
    """
    pixels = keras.Input(model.inputs[0].shape[1:], name="pixels")
    return keras.Model(pixels, _through(model, pixels, {}), name=model.name)


def _through(model: keras.Model, given: Any, names: dict[str, Any]) -> Any:
    graph = model._functional if isinstance(model, keras.Sequential) else model
    found = graph._run_through_graph(given, operation_fn=lambda one: _called(one, names))
    return keras.tree.flatten(found)[0]


def _called(operation: Any, names: dict[str, Any]) -> Callable[..., Any]:
    """Give what to call in the place of an operation."""
    if isinstance(operation, keras.Model):
        return lambda given, **_: _through(operation, given, names)
    if isinstance(operation, _VARIES) or type(operation).__name__ in _NOTHING:
        return lambda given, **_: given
    _name_apart(operation, names)
    return lambda *given, training=None, **more: operation(*given, **more)


def _name_apart(operation: Any, names: dict[str, Any]) -> None:
    base, number = operation.name, 2
    while names.setdefault(operation.name, operation) is not operation:
        operation.name, number = f"{base}_again_{number}", number + 1
