"""Which range of pixels a network tells by itself: by the layers that rescale them."""

from typing import Any

import keras
import numpy as np

from core.engine.networks import blocks

_OPERATIONS = {"Add", "Divide", "Multiply", "Subtract", "TrueDivide"}
_WHOLE = 20.0  # a mean, or a divisor, from which on pixels are 0 to 255 and not 0 to 1


def found(model: keras.Model) -> str:
    """Name the range that the first layers take, of `PIXEL_RANGES`; empty where none rescales."""
    sizes = [size for node in _first_nodes(model) if (size := _size(node)) is not None]
    return "" if not sizes else "0-255" if max(sizes) > _WHOLE else "0-1"


def _size(node: Any) -> float | None:
    """Give how large the numbers must be for which a layer makes sense; None: for any."""
    layer = node.operation
    if isinstance(layer, keras.layers.Rescaling):
        return max(_inverse(layer.scale), _largest(layer.offset))
    if isinstance(layer, keras.layers.Normalization):
        return _largest(layer.mean)
    if type(layer).__name__ in _OPERATIONS:
        given = keras.tree.flatten((node.arguments.args, node.arguments.kwargs))
        numbers = [one for one in given if not isinstance(one, (keras.KerasTensor, str))]
        return max((max(_largest(one), _inverse(one)) for one in numbers), default=None)
    return None


def _largest(numbers: Any) -> float:
    return float(np.abs(np.asarray(numbers, float)).max(initial=0.0))


def _inverse(numbers: Any) -> float:
    return 1 / (float(np.abs(np.asarray(numbers, float)).min(initial=np.inf)) or 1.0)


def _first_nodes(model: keras.Model) -> list[Any]:
    """Give the operations before the first one with a kernel, those of models inside as well."""
    found: list[Any] = []
    for node in blocks.in_order(_graph(model)):
        if isinstance(node.operation, keras.Model):
            found += _first_nodes(node.operation)
        else:
            found.append(node)
        if blocks.has_kernel(node.operation):
            break
    return found


def _graph(model: keras.Model) -> keras.Model:
    return model._functional if isinstance(model, keras.Sequential) else model
