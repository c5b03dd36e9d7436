"""The top of a classifier: where it begins, so that it can be cut off."""

from typing import Any

import keras

from core.engine.networks import blocks

_COLLAPSES = (
    keras.layers.GlobalAveragePooling2D,
    keras.layers.GlobalMaxPooling2D,
    keras.layers.Flatten,
)
_POOLS = (keras.layers.AveragePooling2D, keras.layers.MaxPooling2D)


def cut_off(model: keras.Model) -> tuple[keras.Model | None, int]:
    """Give a model up to its last feature map, and how many numbers its top gave; 0: it had none.

    The top begins where the one way through the network leaves the places of the picture behind.
    None where it has no feature map.
    """
    nodes = blocks.in_order(model)
    end = None
    for cut in blocks.clean_cuts(nodes):
        if _is_collapsed(nodes[cut]):
            break
        end = cut
    if end is None or not any(_looks_around(node) for node in nodes[: end + 1]):
        return None, 0
    if end == len(nodes) - 1:
        return model, 0
    feature_map = nodes[end].outputs[0]
    return keras.Model(model.input, feature_map, name=model.name), int(model.output.shape[-1])


def _is_collapsed(node: Any) -> bool:
    shape = node.outputs[0].shape
    pools_all = shape[1:3] == (1, 1) and isinstance(node.operation, _POOLS)
    return len(shape) != 4 or pools_all or isinstance(node.operation, _COLLAPSES)


def _looks_around(node: Any) -> bool:
    """Tell whether an operation looks at places beside each other."""
    size = getattr(node.operation, "kernel_size", None) or ()
    return len(size) == 2 and max(size) > 1
