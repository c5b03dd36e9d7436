"""The description of a network, looked through before Keras sees it: only what is on the list."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.backbones import allowed
from core.models.own import refusals
from core.words import say

Shapes = Counter[tuple[int, ...]]

MAX_DEPTH = 64
MAX_NODES = 1_000_000
MAX_LAYERS = 5_000
MAX_TEXT = 500
MAX_NUMBER = 2**16  # of units, filters, pixels; no picture network has a larger one
_FREE = {"seed", "shared_object_id"}  # numbers that size nothing
_FUNCTIONS = ("activation", "recurrent_activation")
_MADE_BY = re.compile(r"_(initializer|regularizer|constraint)$")
_NAME = re.compile(r"[A-Za-z0-9_]{1,40}")


def check(config: Mapping[str, Any]) -> Shapes:
    """Give the shapes of the kernels that a network declares. Raises `UserError` for what is odd.

    What a model was compiled with is not looked at, and never loaded.
    """
    if _named(config) not in allowed.MODELS:
        raise refusals.unknown(kind=_title(config))
    shapes: Shapes = Counter()
    stack: list[tuple[str, Any, int]] = [("", config, 0)]
    seen = layers = 0
    while stack:
        key, value, depth = stack.pop()
        seen += 1
        if depth > MAX_DEPTH or seen > MAX_NODES:
            raise refusals.odd_configuration(reason=say("it is nested too deep, or too long"))
        if isinstance(value, dict):
            layers += "class_name" in value and "inbound_nodes" in value
            _check_object(value, shapes)
            stack += [(inner, item, depth + 1) for inner, item in value.items()]
        elif isinstance(value, list):
            stack += [(key, item, depth + 1) for item in value]
        else:
            _check_value(key, value)
    if layers > MAX_LAYERS:
        raise refusals.odd_configuration(reason=say("it has too many layers"))
    return shapes


def without_compilation(config: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a model, or a model in it, was compiled with: it is never trained so here."""
    kept = {key: value for key, value in config.items() if key != "compile_config"}
    inner = kept.get("config")
    if isinstance(inner, dict) and isinstance(inner.get("layers"), list):
        layers = [without_compilation(x) if isinstance(x, dict) else x for x in inner["layers"]]
        kept["config"] = {**inner, "layers": layers}
    return kept


def _named(value: Mapping[str, Any]) -> tuple[Any, Any]:
    return value.get("module"), value.get("class_name")


def _title(value: Mapping[str, Any]) -> str:
    return f"{value.get('class_name')}"[:80]


def _check_object(value: Mapping[str, Any], shapes: Shapes) -> None:
    if "class_name" not in value:
        if "module" in value or "registered_name" in value:
            raise refusals.unknown(kind=str(value.get("module"))[:80])
        return
    module, name = _named(value)
    if not isinstance(name, str) or not isinstance(module, str | None):
        raise refusals.odd_configuration(reason=say("a layer has no name"))
    if name == "function":
        _check_function(value)
        return
    if value.get("registered_name") not in (None, name):
        raise refusals.unknown(kind=str(value["registered_name"])[:80])
    if (module, name) in allowed.MODELS or (module is None and name in allowed.VALUES):
        return
    if name not in allowed.OBJECTS.get(module or "", ()):
        raise refusals.unknown(kind=_title(value))
    if name == "DTypePolicy":
        _check_policy(value)
    if module == "keras.layers" and name in _KERNELS:
        shapes.update(_declared(value, _KERNELS[name]))


def _check_function(value: Mapping[str, Any]) -> None:
    config = value.get("config")
    known = isinstance(config, str) and config in allowed.ACTIVATIONS
    if value.get("module") not in ("keras.activations", "keras.src.activations") or not known:
        raise refusals.unknown(kind=f"{value.get('module')}.{config}"[:80])


def _check_policy(value: Mapping[str, Any]) -> None:
    config = value.get("config")
    name = config.get("name") if isinstance(config, dict) else None
    if name not in allowed.POLICIES:
        raise refusals.unknown(kind=str(name)[:80])


def _check_value(key: str, value: Any) -> None:
    if isinstance(value, str):
        _check_text(key, value)
    elif isinstance(value, int) and not isinstance(value, bool) and key not in _FREE:
        if abs(value) > MAX_NUMBER:
            raise refusals.odd_configuration(
                reason=say("it holds the number {value}", value=str(value))
            )
    elif isinstance(value, int) and abs(value) >= 2**63:
        raise refusals.odd_configuration(
            reason=say("it holds the number {value}", value=str(value)[:40])
        )


def _check_text(key: str, text: str) -> None:
    if len(text) > MAX_TEXT or "://" in text:
        raise refusals.odd_configuration(reason=say("it holds an address or a long text"))
    if key in _FUNCTIONS and text not in allowed.ACTIVATIONS:
        raise refusals.unknown(kind=text[:80])
    if _MADE_BY.search(key) and not _NAME.fullmatch(text):
        raise refusals.unknown(kind=text[:80])


def _declared(layer: Mapping[str, Any], kernels: Callable[..., Any]) -> list[tuple[int, ...]]:
    """Give the shapes of a layer's kernels. Keras makes them so before it looks at the weights."""
    build, config = layer.get("build_config"), layer.get("config")
    shape = build.get("input_shape") if isinstance(build, dict) else None
    channels = shape[-1] if isinstance(shape, list) and shape else None
    if (
        not isinstance(channels, int)
        or not isinstance(config, dict)
        or build != {"input_shape": shape}
    ):
        raise refusals.odd_configuration(
            reason=say("the layer '{name}' does not say what it is given", name=_title(layer))
        )
    try:
        return [tuple(int(n) for n in shape) for shape in kernels(config, shape)]
    except (KeyError, TypeError, ValueError, IndexError):
        raise refusals.odd_configuration(
            reason=say("the layer '{name}' lacks its sizes", name=_title(layer))
        ) from None


Shape = Sequence[int]


def _dense(config: Mapping[str, Any], given: Shape) -> list[Shape]:
    return [(given[-1], config["units"])]


def _conv(config: Mapping[str, Any], given: Shape) -> list[Shape]:
    inside = given[-1] // max(1, config.get("groups") or 1)
    return [(*config["kernel_size"], inside, config["filters"])]


def _depthwise(config: Mapping[str, Any], given: Shape) -> list[Shape]:
    return [(*config["kernel_size"], given[-1], config["depth_multiplier"])]


def _separable(config: Mapping[str, Any], given: Shape) -> list[Shape]:
    between = given[-1] * config["depth_multiplier"]
    return [*_depthwise(config, given), (1, 1, between, config["filters"])]


def _along_axes(config: Mapping[str, Any], given: Shape) -> list[Shape]:
    axes = config["axis"] if isinstance(config["axis"], list) else [config["axis"]]
    has_any = config.get("center", True) or config.get("scale", True)
    return [tuple(given[axis] for axis in axes)] if has_any else []


def _each_place(config: Mapping[str, Any], given: Shape) -> list[Shape]:
    shared = config.get("shared_axes") or []
    return [tuple(1 if axis in shared else given[axis] for axis in range(1, len(given)))]


_KERNELS: Mapping[str, Callable[[Mapping[str, Any], Shape], list[Shape]]] = {
    "Dense": _dense,
    "Conv2D": _conv,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv2D": _separable,
    "BatchNormalization": _along_axes,
    "LayerNormalization": _along_axes,
    "PReLU": _each_place,
}
