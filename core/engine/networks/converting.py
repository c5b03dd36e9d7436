"""Networks of Keras as files of OpenVINO: converted, or put together from what was converted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from core.engine.networks import openvino_network
from core.engine.networks.heads import Head

Convert = Callable[[keras.Model, tuple[int, ...], Path], None]  # model, shape of a batch, folder
_LEAST = 1e-24  # square of the length of a vector that stays what it is, as in Keras
_ACTIVATIONS = {"relu": "relu", "softmax": "softmax", "sigmoid": "sigmoid", "linear": ""}


def to_files(model: keras.Model, shape: tuple[int, ...], folder: Path) -> None:
    """Write a network into a folder, with 8-bit images as its input.

    It goes through a file of TensorFlow's, with constants in place of variables: OpenVINO reads
    that several times faster than it converts a function (`docs/decisions/features.md`).
    """
    openvino, graph = openvino_network.library(), folder / "network.pb"
    graph.write_bytes(_with_constants(model, shape).SerializeToString())
    steps = openvino.preprocess.PrePostProcessor(openvino.Core().read_model(graph))
    steps.input().tensor().set_element_type(openvino.Type.u8)
    openvino.save_model(steps.build(), folder / "network.xml", compress_to_fp16=False)
    graph.unlink()


def _with_constants(model: keras.Model, shape: tuple[int, ...]) -> Any:
    """Trace a model for one shape of input, its present values as constants of the graph."""

    values = [(variable, variable.numpy()) for variable in model.variables]

    def forward(images: tf.Tensor) -> tf.Tensor:
        constants = [(variable, tf.constant(value)) for variable, value in values]
        with keras.StatelessScope(state_mapping=constants):
            return model(images, training=False)

    function = tf.function(forward, autograph=False)
    return function.get_concrete_function(tf.TensorSpec(shape, tf.float32)).graph.as_graph_def()


def graft(prefix: Path, head: Head, folder: Path) -> None:
    """Write a whole network into a folder: the converted ``prefix`` and a head on top of it."""
    openvino = openvino_network.library()
    frozen = openvino.Core().read_model(prefix / "network.xml")
    node = frozen.get_results()[0].input_value(0)
    for layer in (*head.layers, head.activation):
        node = _put(openvino.opset13, layer, node)
    whole = openvino.Model([openvino.opset13.result(node)], frozen.get_parameters(), "model")
    openvino.save_model(whole, folder / "network.xml", compress_to_fp16=False)


def _put(ops: Any, layer: keras.layers.Layer, node: Any) -> Any:
    """Put one layer of a head on a node of OpenVINO's."""
    if isinstance(layer, keras.layers.Dropout):
        return node
    if isinstance(layer, keras.layers.UnitNormalization):
        return ops.normalize_l2(node, ops.constant([1]), _LEAST, "max").output(0)
    if isinstance(layer, keras.layers.Dense):
        kernel, bias = layer.get_weights()
        node = ops.add(ops.matmul(node, ops.constant(kernel), False, False), ops.constant(bias))
    name = _ACTIVATIONS[layer.activation.__name__]
    arguments = {"axis": -1} if name == "softmax" else {}
    return getattr(ops, name)(node, **arguments).output(0) if name else node.output(0)
