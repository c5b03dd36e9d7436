"""A converted model cut after its last feature map, and its head as numbers: no TensorFlow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.engine.explaining.cam import DenseLayer, HeadLayers
from core.engine.explaining.explainer import FINE, Explainer
from core.engine.networks import openvino_network

_HINTS = {
    "PERFORMANCE_HINT": "LATENCY",
    "INFERENCE_PRECISION_HINT": "f32",
    "ENABLE_MMAP": False,  # the cache may delete the file meanwhile
}
_MAP_RANK = 4


def reopen(folder: Path) -> Explainer | None:
    """Cut the model that training left in the cache; None where that is not to be had."""
    if not openvino_network.is_there(folder):
        return None
    try:
        return _cut(folder / "network.xml")
    except Exception:  # another kind of head, or the cache was emptied meanwhile
        return None


def _cut(path: Path) -> Explainer:
    """Take a network apart, from its probabilities back to its last feature map."""
    openvino = openvino_network.library()
    model = openvino.Core().read_model(path)
    features, nodes = _head_nodes(model.get_results()[0].input_value(0))
    head, size = _read(nodes), int(model.input(0).partial_shape[1].get_length())
    shape = [int(length) for length in features.get_shape()]
    is_first = not head.keeps_places and shape[1] == len(head.layers[0].kernel)  # the channels
    backbone = openvino.Model([openvino.opset13.result(features)], model.get_parameters(), "map")
    see = _compile(backbone, size, 1, is_first)
    is_coarse = not head.keeps_places and max(shape[2:] if is_first else shape[1:3]) < FINE
    return Explainer(
        head=head,
        is_number=nodes[0].get_type_name() in ("Add", "MatMul"),
        is_sigmoid=nodes[0].get_type_name() == "Sigmoid",
        size=size,
        see=see,
        see_larger=_try(backbone, size, is_first) if is_coarse else None,
    )


def _head_nodes(output: Any) -> tuple[Any, list[Any]]:
    """Go back from an output to the feature map; give it and the nodes between, from the end."""
    nodes = []
    while len(output.get_partial_shape()) != _MAP_RANK:
        nodes.append(output.get_node())
        output = next(value for value in _inputs(nodes[-1]) if not _is_constant(value))
    return output, nodes


def _inputs(node: Any) -> list[Any]:
    return [node.input_value(number) for number in range(node.get_input_size())]


def _is_constant(value: Any) -> bool:
    return bool(value.get_node().get_type_name() == "Constant")


def _read(nodes: list[Any]) -> HeadLayers:
    """Read the head from its nodes, the last first."""
    kinds = [node.get_type_name() for node in nodes]
    layers, bias, is_relu = list[DenseLayer](), np.zeros(1), False
    for kind, node in zip(kinds, nodes, strict=True):
        if kind == "Relu":
            is_relu = True
        elif kind == "Add":
            bias = _constant(node).reshape(-1)
        elif kind == "MatMul":
            kernel = _constant(node)
            kernel = kernel.T if node.get_attributes()["transpose_b"] else kernel
            layers.insert(0, DenseLayer(kernel, np.broadcast_to(bias, kernel.shape[1:]), is_relu))
            bias, is_relu = np.zeros(1), False
    return HeadLayers(
        tuple(layers),
        keeps_places="ReduceMean" not in kinds,
        is_unit_length=bool({"NormalizeL2", "Multiply", "Divide"} & {*kinds}),
    )


def _constant(node: Any) -> NDArray:
    return np.array(next(v for v in _inputs(node) if _is_constant(v)).get_node().data)


def _compile(model: Any, side: int, times: int, is_first: bool) -> Callable[[NDArray], NDArray]:
    """Compile a network for one image so many times its size; ``is_first``: channels lead."""
    openvino = openvino_network.library()
    _rewrite_shapes(openvino, model, times)
    shape = openvino.PartialShape([1, times * side, times * side, 3])
    model.get_parameters()[0].set_partial_shape(shape)  # `reshape` rewrites shapes by other rules
    model.validate_nodes_and_infer_types()
    request = openvino.Core().compile_model(model, "CPU", _HINTS)
    axes = (1, 2, 0) if is_first else (0, 1, 2)

    def see(image: NDArray) -> NDArray:
        return np.asarray(request([image[None]])[0])[0].transpose(axes)

    return see


def _rewrite_shapes(openvino: Any, model: Any, times: int) -> None:
    """Have constants that name a shape mean any batch, and sides so many times as long.

    A network is converted for one shape: gates of channels name the batch, dense layers over
    places the sides as well.
    """
    for node in model.get_ops():
        if node.get_type_name() != "Reshape" or not _is_constant(node.input_value(1)):
            continue
        shape = np.array(node.input_value(1).get_node().data)
        if len(shape) in (2, _MAP_RANK) and min(shape[1:]) > 0:
            shape[0] = -1  # of (batch, height, width, channels), or of (all of these, channels)
            shape[1:-1] *= times if min(shape[1:-1], default=1) > 1 else 1
            node.input(1).replace_source_output(openvino.opset13.constant(shape).output(0))


def _try(model: Any, side: int, is_first: bool) -> Callable[[NDArray], NDArray] | None:
    try:
        return _compile(model, side, 2, is_first)
    except RuntimeError:  # something in it is of one size
        return None
