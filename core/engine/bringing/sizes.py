"""Which image sizes a network takes, and how its feature map shrinks with them."""

from collections.abc import Mapping
from typing import Any

import keras

from core.engine.networks import blocks, own
from core.records.training import LARGEST_IMAGE, SMALLEST_IMAGE

Step = tuple[int, int]  # window, stride: of n places (n - window) // stride + 1 are left
USUAL = 224  # where the network names no size
MORE = 64  # pixels more than it was made for, to see whether it takes other sizes


def built(config: Mapping[str, Any], size: int) -> keras.Model | None:
    """Build a network for images of a size; None where it does not take them."""
    try:
        return own.at_size(config, size)
    except Exception:  # whatever a layer says that was made for another size
        return None


def steps(model: keras.Model, larger: keras.Model) -> tuple[Step, ...] | None:
    """Give the steps in which the picture shrinks; None where they cannot be told.

    They are tried on the same network made for larger images.
    """
    found: list[Step] = []
    node = blocks.in_order(model)[-1]
    while not node.is_input:
        step = _step(node.operation)
        if step is None or len(node.outputs[0].shape) != 4:
            return None
        found = [step, *found] if step != (1, 1) else found
        node = node.parent_nodes[0]
    for one in (model, larger):
        if _side(one.input_shape[1], found) != one.output_shape[1]:
            return None
    return tuple(found)


def smallest(steps: tuple[Step, ...]) -> int:
    """Give the smallest side that leaves at least one place."""
    sides = range(SMALLEST_IMAGE, LARGEST_IMAGE + 1)
    return next((side for side in sides if _side(side, steps) > 0), LARGEST_IMAGE)


def _side(side: int, steps: Any) -> int:
    for window, stride in steps:
        side = (side - window) // stride + 1 if side >= window else 0
    return side


def _step(layer: Any) -> Step | None:
    """Give what a layer does to a side; a padded one looks as if its window were one place."""
    if isinstance(layer, keras.layers.ZeroPadding2D):
        return _square([1 - sum(pad) for pad in layer.padding], [1, 1])
    if isinstance(layer, keras.layers.Cropping2D):
        return _square([1 + sum(crop) for crop in layer.cropping], [1, 1])
    window = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    if window is None:
        return 1, 1
    dilation = getattr(layer, "dilation_rate", (1, 1))
    wide = [(w - 1) * d + 1 for w, d in zip(window, dilation, strict=True)]
    return _square([1, 1] if layer.padding == "same" else wide, layer.strides)


def _square(windows: Any, strides: Any) -> Step | None:
    pairs = set(zip(windows, strides, strict=True))
    return pairs.pop() if len(pairs) == 1 else None
