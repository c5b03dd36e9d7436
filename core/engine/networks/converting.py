"""Networks of Keras as files of OpenVINO: converted, or put together from what was converted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.engine.networks import classifiers, openvino_network
from core.engine.networks.heads import Head
from core.judging.classifiers import nearest

Convert = Callable[[keras.Model, tuple[int, ...], Path], None]  # model, shape of a batch, folder
_RESULT = "result_"
_LEAST = 1e-24  # square of the length of a vector that stays what it is, as in Keras
_ACTIVATIONS = {"relu": "relu", "softmax": "softmax", "sigmoid": "sigmoid", "linear": ""}


def to_files(model: keras.Model, shape: tuple[int, ...], folder: Path) -> None:
    """Write a network into a folder, with 8-bit images as its input.

    It goes through a file of TensorFlow's, with constants in place of variables: OpenVINO reads
    that several times faster than it converts a function (`docs/decisions/features.md`).
    """
    openvino, graph = openvino_network.library(), folder / "network.pb"
    graph.write_bytes(_with_constants(model, shape).SerializeToString())
    read = _in_order(openvino, openvino.Core().read_model(graph))
    steps = openvino.preprocess.PrePostProcessor(read)
    steps.input().tensor().set_element_type(openvino.Type.u8)
    openvino.save_model(steps.build(), folder / "network.xml", compress_to_fp16=False)
    graph.unlink()


def _with_constants(model: keras.Model, shape: tuple[int, ...]) -> Any:
    """Trace a model for one shape of input, its present values as constants of the graph."""

    values = [(variable, variable.numpy()) for variable in model.variables]

    def forward(images: tf.Tensor) -> tf.Tensor:
        constants = [(variable, tf.constant(value)) for variable, value in values]
        with keras.StatelessScope(state_mapping=constants):
            given = model(images, training=False)
            return [
                tf.identity(one, name=f"{_RESULT}{i}")
                for i, one in enumerate(keras.tree.flatten(given))
            ]

    function = tf.function(forward, autograph=False)
    return function.get_concrete_function(tf.TensorSpec(shape, tf.float32)).graph.as_graph_def()


def _in_order(openvino: Any, read: Any) -> Any:
    """Put the results of a network in the order of the model's outputs, as their names say."""
    given = [result.input_value(0) for result in read.get_results()]
    given.sort(key=lambda output: min(output.names))
    results = [openvino.opset13.result(output) for output in given]
    return openvino.Model(results, read.get_parameters(), "model")


def graft(prefix: Path, head: Head, folder: Path, *, channels: int) -> None:
    """Write a whole network into a folder: the converted ``prefix`` and a head on top of it.

    Beside its probabilities it gives the pooled features, of so many ``channels``.
    """
    openvino = openvino_network.library()
    frozen, ops = openvino.Core().read_model(prefix / "network.xml"), openvino.opset13
    vector = node = frozen.get_results()[0].input_value(0)
    for layer in (*head.layers, head.activation):
        node = _put(ops, layer, node)
    cells = ops.reshape(vector, ops.constant([0, -1, channels]), True)  # a flat map, cell by cell
    pooled = ops.reduce_mean(cells, ops.constant([1]), False)
    results = [ops.result(node), ops.result(pooled)]
    whole = openvino.Model(results, frozen.get_parameters(), "model")
    openvino.save_model(whole, folder / "network.xml", compress_to_fp16=False)


def _put(ops: Any, layer: keras.layers.Layer, node: Any) -> Any:
    """Put one layer of a head on a node of OpenVINO's."""
    if isinstance(layer, keras.layers.Dropout):
        return node
    if isinstance(layer, keras.layers.UnitNormalization):
        return ops.normalize_l2(node, ops.constant([1]), _LEAST, "max").output(0)
    if isinstance(layer, keras.Model):
        return _OF_NEIGHBOURS[layer.name](ops, layer, node).output(0)
    if isinstance(layer, keras.layers.Dense):
        kernel, *bias = layer.get_weights()
        node = ops.matmul(node, ops.constant(kernel), False, False)
        node = ops.add(node, ops.constant(bias[0])) if bias else node
    name = _ACTIVATIONS[layer.activation.__name__]
    arguments = {"axis": -1} if name == "softmax" else {}
    node = getattr(ops, name)(node, **arguments) if name else node
    return node.output(0) if hasattr(node, "output") else node  # an output, where nothing was put


def _vote(ops: Any, layer: keras.Model, cosines: Any) -> Any:
    """Weigh the votes of the nearest as `classifiers` does, on a node of OpenVINO's."""
    number = nearest.num_voting(int(layer.input_shape[-1]))
    best = ops.topk(cosines, ops.constant(number), 1, "max", "value").output(0)
    is_near = ops.greater_equal(cosines, ops.reduce_min(best, ops.constant([1]), True))
    one, closest = (ops.constant(np.float32(v)) for v in (1, nearest.CLOSEST))
    closeness = ops.divide(one, ops.maximum(ops.subtract(one, cosines), closest))
    return ops.select(is_near, closeness, ops.constant(np.float32(0)))


def _share(ops: Any, layer: keras.Model, votes: Any) -> Any:
    shares = ops.divide(votes, ops.reduce_sum(votes, ops.constant([1]), True))
    return ops.log(ops.maximum(shares, ops.constant(np.float32(nearest.LEAST))))


_OF_NEIGHBOURS = {classifiers.NEIGHBOURS: _vote, classifiers.SHARES: _share}
