"""A model as one ONNX file, by a route on which every backbone loads (docs/decisions/exports.md).

Keras' own export leaves inputs out of EfficientNet and writes a ConvNeXt that does not load.
"""

import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from core.engine.exporting import saved_model

FILE = "model.onnx"
OPSET = 17
_LEAST = "least_number"  # of 32 bits


def write_onnx(model: keras.Model, folder: Path) -> None:
    """Write the file, for any number of images. tf2onnx and onnx must be there."""
    names, graph = _frozen(model)
    onnx = __import__("onnx")
    proto = _converted(graph)
    _rename(proto, {proto.graph.input[0].name: saved_model.INPUT})
    _keep_zeros(proto, onnx)
    given = [output.name for output in proto.graph.output]
    _rename(proto, dict(zip(given, names, strict=True)))
    onnx.checker.check_model(proto)
    (folder / FILE).write_bytes(proto.SerializeToString())


def _frozen(model: keras.Model) -> tuple[list[str], Any]:
    """Trace a model with its weights as constants: the names of its outputs, and the function."""
    eager = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)  # a function within the graph is what ONNX has not
    try:
        outputs = saved_model.forward(model)
        names = list(saved_model.names_of(model)[: len(keras.tree.flatten(model.outputs))])
        function = tf.function(
            lambda pixels: tuple(outputs(pixels)[name] for name in names), autograph=False
        )
        traced = function.get_concrete_function(saved_model.signature(model, None))
        return names, convert_variables_to_constants_v2(traced)
    finally:
        tf.config.run_functions_eagerly(eager)


def _converted(function: Any) -> Any:
    """Convert a function without variables. ``_convert_common`` is the one that takes a graph."""
    from keras.src.export.tf2onnx_lib import patch_tf2onnx

    patch_tf2onnx()
    convert = __import__("tf2onnx.convert").convert
    _know_erfc()
    proto, _ = convert._convert_common(
        function.graph.as_graph_def(),
        name="thaw",
        opset=OPSET,
        input_names=[tensor.name for tensor in function.inputs],
        output_names=[tensor.name for tensor in function.outputs],
        output_path=None,
    )
    return proto


def _know_erfc() -> None:
    """Teach tf2onnx an operation of ConvNeXt's GELU: erfc(x) = 1 - erf(x)."""
    handler = sys.modules["tf2onnx.handler"].tf_op

    class _Erfc:
        @classmethod
        def version_9(cls, ctx: Any, node: Any, **kwargs: Any) -> None:
            erf = ctx.make_node("Erf", [node.input[0]]).output[0]
            one = ctx.make_const(f"{node.name}_one", np.array(1, np.float32)).output[0]
            ctx.remove_node(node.name)
            ctx.make_node("Sub", [one, erf], name=node.name, outputs=node.output)

    handler("Erfc")(_Erfc)


def _keep_zeros(proto: Any, onnx: Any) -> None:
    """Keep zeros around an image apart from the largest of each window, where it is taken of them.

    ONNX Runtime (1.31) moves them into the pooling, where what lies around an image counts as
    nothing, not as zero: other answers of a network that pools what may be negative (ResNet V2).
    The larger of a number and the least there is, is that number, and no program leaves it out.
    """
    pads = {node.output[0] for node in proto.graph.node if node.op_type == "Pad"}
    nodes = []
    for node in proto.graph.node:
        if node.op_type == "MaxPool" and node.input[0] in pads:
            kept = f"{node.input[0]}_kept"
            nodes.append(onnx.helper.make_node("Max", [node.input[0], _LEAST], [kept]))
            node.input[0] = kept
        nodes.append(node)
    if len(nodes) == len(proto.graph.node):
        return
    least = np.full((), np.finfo(np.float32).min, np.float32)
    proto.graph.initializer.append(onnx.numpy_helper.from_array(least, _LEAST))
    del proto.graph.node[:]
    proto.graph.node.extend(nodes)


def _rename(proto: Any, names: dict[str, str]) -> None:
    """Call tensors of a graph by other names."""
    for node in proto.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for value in (*proto.graph.input, *proto.graph.output):
        value.name = names.get(value.name, value.name)
