"""Where a network can be cut: its blocks, and the frozen part and the rest as two models."""

import math
import re
from collections.abc import Sequence
from typing import Any

import keras

from core.models.catalog import Block, choose
from core.words import say

# How Keras Applications name the layers of a block, and the name that a person reads and types.
_NAMED = (
    (re.compile(r"(?:top_conv|[Cc]onv_1|conv_7b)(?:_|$)"), "top"),
    (re.compile(r"conv_(?:pad|dw|pw)_(\d+)"), r"block_\1"),  # MobileNet
    (re.compile(r"expanded_conv_(\d+)_"), r"block_\1"),  # MobileNetV3
    (re.compile(r"expanded_conv_"), "block_0"),  # MobileNetV2 and V3
    (re.compile(r"(conv\d+_block\d+)_"), r"\1"),  # ResNet, DenseNet
    (re.compile(r"(pool[2-9])_"), r"\1"),  # the transitions of DenseNet
    (re.compile(r"(block\d+_\d+)(?:_|$)"), r"\1"),  # InceptionResNet
    (re.compile(r"(block_?\d+[a-z]?)_"), r"\1"),  # VGG, Xception, EfficientNet, MobileNetV2
    (re.compile(r"(mixed_?\d+[a-z]?)"), r"\1"),  # Inception
    (re.compile(r".*_(stage_\d+_block_\d+)_"), r"\1"),  # ConvNeXt
    (re.compile(r".*_(downsampling_block_\d+)"), r"\1"),
)


def block_ends(model: keras.Model) -> list[tuple[str, Any]]:
    """Give each block's name and its last layer, from the image on; the last ends the model."""
    nodes = in_order(model)
    return [(name, nodes[end].operation) for name, end in _ends(nodes)]


def end_tensors(model: keras.Model) -> list[tuple[str, keras.KerasTensor]]:
    """Give each block's name and what it gives: (batch, height, width, channels)."""
    nodes = in_order(model)
    return [(name, nodes[end].outputs[0]) for name, end in _ends(nodes)]


def heights(model: keras.Model) -> list[tuple[keras.Variable, int]]:
    """Give each variable with the number of blocks between its own and the end of the model."""
    nodes = in_order(model)
    ends = [end for _, end in _ends(nodes)]
    return [
        (variable, sum(i <= end for end in ends) - 1)
        for i, node in enumerate(nodes)
        for variable in getattr(node.operation, "variables", ())
    ]


def split(model: keras.Model, freeze: str) -> tuple[keras.Model | None, keras.Model | None]:
    """Cut a model after a block into what is frozen and what is trained; weights are shared.

    ``freeze``: ``all``, ``none``, or the last frozen block. A part without layers is None.
    The first part followed by the second computes exactly what the whole computes.
    """
    nodes = in_order(model)
    ends = dict(_ends(nodes))
    if freeze == "none":
        return None, model
    if freeze == "all" or choose(ends, freeze, say("block")) == len(nodes) - 1:
        return model, None
    cut = nodes[ends[freeze]].outputs[0]
    return keras.Model(model.input, cut), keras.Model(cut, model.output)


def describe(model: keras.Model) -> tuple[Block, ...]:
    """Measure each block of a model of one fixed image size."""
    nodes = in_order(model)
    ends = _ends(nodes)
    starts = [0, *(end + 1 for _, end in ends)]
    return tuple(
        Block(
            name=name,
            parameters=sum(_parameters(node) for node in nodes[start : end + 1]),
            trainable=sum(_trainable(node.operation) for node in nodes[start : end + 1]),
            multiply_adds=sum(_work(node.operation) for node in nodes[start : end + 1]),
            output_shape=tuple(nodes[end].outputs[0].shape[1:]),
        )
        for start, (name, end) in zip(starts, ends, strict=False)
    )


def in_order(model: keras.Model) -> list[Any]:
    """Give the nodes of the graph, each after all that it needs."""
    depths = model._nodes_by_depth
    return [node for depth in sorted(depths, reverse=True) for node in depths[depth]]


def clean_cuts(nodes: Sequence[Any]) -> list[int]:
    """Find the cuts that no edge passes over: all that comes later needs only that one tensor.

    Layers that are shared with another model have nodes there too, which do not count here.
    """
    index = {id(node): i for i, node in enumerate(nodes)}
    last_use = list(range(len(nodes)))
    for i, node in enumerate(nodes):
        for parent in node.parent_nodes:
            if id(parent) in index:
                last_use[index[id(parent)]] = i
    reach, cuts = 0, []
    for i, node in enumerate(nodes):
        if reach <= i and len(node.outputs) == 1:
            cuts.append(i)
        reach = max(reach, last_use[i])
    return cuts


def _ends(nodes: Sequence[Any]) -> list[tuple[str, int]]:
    """Find the last clean cut before each change of the block that the layers are named after."""
    cuts, current = clean_cuts(nodes), "stem"
    ends: list[tuple[str, int]] = []
    for i, node in enumerate(nodes):
        named = _block_of(node.operation.name)
        start = ends[-1][1] + 1 if ends else 0
        end = max((cut for cut in cuts if start <= cut < i), default=None)
        if named in (None, current) or end is None:
            continue
        if any(_work(node.operation) for node in nodes[start : end + 1]):
            ends.append((current, end))
        current = named
    whole = "network" if not ends and current == "stem" else current
    return [*ends, (whole, len(nodes) - 1)]


def _block_of(layer: str) -> str | None:
    matches = ((pattern.match(layer), name) for pattern, name in _NAMED)
    return next((match.expand(name) for match, name in matches if match), None)


def _parameters(node: Any) -> int:
    layer = node.operation
    return int(layer.count_params()) if isinstance(layer, keras.Layer) else 0


def _trainable(layer: Any) -> int:
    """Count the numbers that learn when thawed: BatchNorm stays as it is, see `network.thaw`."""
    if isinstance(layer, keras.Model):
        return sum(_trainable(inner) for inner in layer.layers)
    if isinstance(layer, keras.layers.BatchNormalization):
        return 0
    return sum(math.prod(w.shape) for w in getattr(layer, "trainable_weights", ()))


def has_kernel(layer: Any) -> bool:
    """Tell whether an operation computes with weights that meet many places."""
    if isinstance(layer, keras.Model):
        return any(has_kernel(inner) for inner in layer.layers)
    return any(w.name.endswith("kernel") for w in getattr(layer, "weights", ()))


def _work(layer: Any) -> int:
    """Count multiply-adds: every number of a kernel meets every position of the output once."""
    if isinstance(layer, keras.Model):
        return sum(_work(inner) for inner in layer.layers)
    kernels = [w.shape for w in getattr(layer, "weights", ()) if w.name.endswith("kernel")]
    positions = math.prod(layer.output.shape[1:-1]) if kernels else 0
    return positions * sum(math.prod(shape) for shape in kernels)
