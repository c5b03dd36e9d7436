"""The network that is taught, whole and block by block."""

from typing import Any

import keras

Tensor = Any


def build(alpha: float, *, size: int | None = None) -> keras.Model:
    """Build the network without its top, with random weights."""
    return keras.applications.MobileNetV2(
        alpha=alpha, include_top=False, weights=None, input_shape=(size, size, 3)
    )


def block_outputs(model: keras.Model) -> list[Tensor]:
    """List the outputs of the stem, the 17 inverted residual blocks and the last convolution."""
    names = {layer.name for layer in model.layers}
    ends = ["Conv1_relu", "expanded_conv_project_BN"]
    for block in range(1, 17):
        add = f"block_{block}_add"
        ends.append(add if add in names else f"block_{block}_project_BN")
    return [model.get_layer(name).output for name in [*ends, "out_relu"]]


def split_blocks(model: keras.Model) -> list[keras.Model]:
    """Give each block as a model of its own that shares the weights."""
    ends = block_outputs(model)
    starts = [model.input, *ends[:-1]]
    return [keras.Model(start, end) for start, end in zip(starts, ends, strict=True)]


def make_momentum(model: keras.Model, *, momentum: float) -> None:
    """Set how slowly the running statistics of every BatchNorm follow."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = momentum
