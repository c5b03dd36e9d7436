"""BatchNorm that does not learn, folded into the convolution before it while a step is compiled.

A frozen BatchNorm multiplies each channel by a constant and adds another: ``conv(x, w) * s + t``,
which is ``conv(x, w * s) + t``. Both learn the same ``w``, but the first passes over every
activation again, forward and backward, a good part of a step on a processor
(docs/decisions/folding.md). What is saved and what predicts is the model as it was.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

Fold = tuple[keras.layers.Layer, Callable[..., Any]]
Scaled = Callable[[Any, Any, NDArray[np.float32]], Any]


def folds(model: keras.Model) -> list[Fold]:
    """Give the layers that compute otherwise in a step, each with what it then does.

    Only for float32, and only where a layer has one place in the graph. All other layers stay.
    """
    nodes = list(_nodes(model))
    uses = Counter(id(node.operation) for node in nodes)
    readers = Counter(id(parent) for node in nodes for parent in node.parent_nodes)
    found: list[Fold] = []
    for node in nodes:
        norm = node.operation
        if not _is_constant(norm) or uses[id(norm)] > 1:
            continue
        scale, shift = _scale_and_shift(norm)
        before = node.parent_nodes[0]
        alone = uses[id(before.operation)] == 1 and readers[id(before)] == 1
        if (
            alone
            and not before.is_input
            and not _gives(model, before)
            and _is_linear(before.operation)
        ):
            found.append((before.operation, _convolve(before.operation, scale, shift)))
            found.append((norm, _pass))
        else:
            found.append((norm, _affine(scale, shift)))
    return found


@contextmanager
def applied(found: Sequence[Fold]) -> Iterator[None]:
    """Have the layers compute so while a step is traced; afterwards they are as they were."""
    for layer, call in found:
        vars(layer)["call"] = call
    try:
        yield
    finally:
        for layer, _ in found:
            del vars(layer)["call"]


def _nodes(model: keras.Model) -> Iterator[Any]:
    """Give the nodes of a graph and of the graphs in it."""
    for nodes in model._nodes_by_depth.values():
        for node in nodes:
            yield node
            if hasattr(node.operation, "_nodes_by_depth"):
                yield from _nodes(node.operation)


def _gives(model: keras.Model, node: Any) -> bool:
    """Tell whether a graph gives what a node computes, beside what follows it."""
    return any(tensor is output for tensor in node.outputs for output in _outputs(model))


def _outputs(model: keras.Model) -> Iterator[Any]:
    yield from keras.tree.flatten(model.outputs)
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _outputs(layer)


def _is_constant(layer: Any) -> bool:
    """Tell a BatchNorm along the last axis of images that learns nothing, in float32."""
    return (
        type(layer) is keras.layers.BatchNormalization
        and not layer.trainable
        and layer.compute_dtype == layer.variable_dtype == "float32"
        and layer.axis in (-1, 3)
    )


def _scale_and_shift(norm: Any) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give a BatchNorm as ``x * scale + shift``; each (channels,), float32."""
    variance = ops.convert_to_numpy(norm.moving_variance).astype("float64")
    scale = 1 / np.sqrt(variance + norm.epsilon)
    if norm.scale:
        scale = scale * ops.convert_to_numpy(norm.gamma)
    shift = -ops.convert_to_numpy(norm.moving_mean) * scale
    if norm.center:
        shift = shift + ops.convert_to_numpy(norm.beta)
    return scale.astype("float32"), shift.astype("float32")


def _is_linear(layer: Any) -> bool:
    """Tell a convolution whose output goes on as it is."""
    return (
        type(layer) in _SCALED
        and layer.activation is keras.activations.linear
        and layer.data_format == "channels_last"
        and layer.compute_dtype == layer.variable_dtype == "float32"
    )


def _convolve(layer: Any, scale: NDArray[np.float32], shift: NDArray[np.float32]) -> Any:
    scaled = _SCALED[type(layer)]

    def call(inputs: Any) -> Any:
        added = layer.bias * scale + shift if layer.use_bias else shift
        return scaled(layer, inputs, scale) + added

    return call


def _affine(scale: NDArray[np.float32], shift: NDArray[np.float32]) -> Any:
    def call(inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        return inputs * scale + shift

    return call


def _pass(inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
    return inputs


def _full(layer: Any, inputs: Any, scale: NDArray[np.float32]) -> Any:
    return layer.convolution_op(inputs, layer.kernel * scale)


def _depthwise(layer: Any, inputs: Any, scale: NDArray[np.float32]) -> Any:
    """Scale by input channel and multiplier, the order in which the outputs come."""
    kernel = layer.kernel * scale.reshape(layer.kernel.shape[-2:])
    return ops.depthwise_conv(inputs, kernel, **_how(layer))


def _separable(layer: Any, inputs: Any, scale: NDArray[np.float32]) -> Any:
    pointwise = layer.pointwise_kernel * scale
    return ops.separable_conv(inputs, layer.depthwise_kernel, pointwise, **_how(layer))


def _how(layer: Any) -> dict[str, Any]:
    return {
        "strides": layer.strides,
        "padding": layer.padding,
        "data_format": layer.data_format,
        "dilation_rate": layer.dilation_rate,
    }


_SCALED: dict[type, Scaled] = {
    keras.layers.Conv2D: _full,
    keras.layers.DepthwiseConv2D: _depthwise,
    keras.layers.SeparableConv2D: _separable,
}
