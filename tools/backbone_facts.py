"""Write the facts of backbones from Keras itself: `python -m tools.backbone_facts [NAME ...]`."""

import inspect
import json
import re
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import keras
from keras.src.applications import imagenet_utils
from keras.src.utils import file_utils

FILE = Path(__file__).parent.parent / "core" / "models" / "backbones.json"
WIDTHS = {"MobileNet": (0.25, 0.5, 0.75), "MobileNetV2": (0.35, 0.5, 0.75, 1.3, 1.4)}
SIZES = {"MobileNet": (128, 160, 192, 224), "MobileNetV2": (96, 128, 160, 192, 224)}
MODES = ("caffe", "tf", "torch")


class AskedError(Exception):
    """Raised in the place of a download."""


def main(names: list[str]) -> None:
    """Bring the facts of the named backbones up to date, or of all."""
    known = json.loads(FILE.read_text()) if FILE.exists() and names else {}
    for name, (constructor, arguments) in networks().items():
        if name in names or not names:
            known[name] = facts(constructor, arguments)
            print(name, len(known[name]["blocks"]), known[name]["parameters"], flush=True)
    FILE.write_text(as_text({name: known[name] for name in networks() if name in known}))


def networks() -> dict[str, tuple[str, dict[str, float]]]:
    """Name every model of Keras Applications, with the smaller and larger MobileNets."""
    found: dict[str, tuple[str, dict[str, float]]] = {}
    for constructor in sorted(n for n in dir(keras.applications) if n[0].isupper()):
        found[constructor] = (constructor, {})
        for alpha in WIDTHS.get(constructor, ()):
            found[f"{constructor}-{alpha}"] = (constructor, {"alpha": alpha})
    return found


def facts(constructor: str, arguments: dict[str, float]) -> dict[str, Any]:
    """Build a backbone at its default size and write down what it is."""
    size = default_size(constructor)
    first = keras.Input((size, size, 3))
    model = build(constructor, arguments, size, input_tensor=first)
    from core.engine.networks.blocks import describe

    blocks = describe(model)
    return {
        "constructor": constructor,
        "arguments": arguments,
        "default_size": size,
        "smallest_size": smallest_size(constructor),
        "parameters": model.count_params(),
        "preprocessing": preprocessing(constructor),
        "weights": weights(constructor, arguments, model.count_params()),
        "top": top(constructor, arguments),
        "blocks": [
            [b.name, b.parameters, b.trainable, b.multiply_adds, b.output_shape] for b in blocks
        ],
    }


def build(constructor: str, arguments: Mapping[str, Any], size: int, **more: Any) -> Any:
    """Call the constructor without top; weights are random unless asked for."""
    more = {"weights": None, "include_top": False, "input_shape": (size, size, 3)} | more
    return getattr(keras.applications, constructor)(**arguments, **more)


def default_size(constructor: str) -> int:
    """Read the size that the model with its top is made for."""
    sizes = []

    def note(shape: Any, *, default_size: int, **_: Any) -> None:
        sizes.append(default_size)
        raise AskedError

    with mock.patch.object(imagenet_utils, "obtain_input_shape", note):
        try:
            getattr(keras.applications, constructor)(weights=None)
        except AskedError:
            return sizes[0]
    return 224  # MobileNetV3 names no other


def smallest_size(constructor: str) -> int:
    """Ask for a far too small image, and read what Keras wants instead."""
    try:
        build(constructor, {}, 8)
    except ValueError as error:
        match = re.search(r"at least (\d+)", str(error))
        if match:
            return int(match[1])
    raise RuntimeError(f"{constructor} does not say its smallest size")


def module_of(constructor: str) -> types.ModuleType:
    """Find the module that holds the model's own `preprocess_input`."""
    return sys.modules[getattr(keras.applications, constructor).__module__]


def preprocessing(constructor: str) -> str:
    """Tell how images are prepared, from the source of the model's own function."""
    source = inspect.getsource(module_of(constructor).preprocess_input)
    match = re.search(r'mode="(\w+)"', source)
    return match[1] if match and match[1] in MODES else "inside"


def weights(constructor: str, arguments: dict[str, float], parameters: int) -> list[dict[str, Any]]:
    """Let Keras ask for its weights, and write down for what it asked."""
    sizes = SIZES.get(constructor)
    return [
        asked(constructor, arguments, size) | {"megabytes": round(parameters * 4 / 1e6, 1)} | at
        for size, at in (
            [(size, {"size": size}) for size in sizes]
            if sizes
            else [(default_size(constructor), {})]
        )
    ]


def top(constructor: str, arguments: dict[str, float]) -> dict[str, Any]:
    """Write down the file of the whole network, with its head for the classes of ImageNet."""
    size = default_size(constructor)
    whole = build(constructor, arguments, size, include_top=True)
    file = asked(constructor, arguments, size, include_top=True)
    return file | {"megabytes": round(whole.count_params() * 4 / 1e6, 1)}


def asked(
    constructor: str, arguments: dict[str, float], size: int, *, include_top: bool = False
) -> dict[str, Any]:
    """Catch the call that would download the weights."""
    found: list[dict[str, Any]] = []

    def note(fname: str, origin: str, file_hash: str = "", **_: Any) -> None:
        kind = {0: "", 32: "md5", 64: "sha256"}[len(file_hash)]
        found.append({"file": fname, "url": origin, "hash": file_hash, "hash_kind": kind})
        raise AskedError

    with mock.patch.object(file_utils, "get_file", note):
        try:
            build(constructor, arguments, size, weights="imagenet", include_top=include_top)
        except AskedError:
            return found[0]
    raise RuntimeError(f"{constructor} did not ask for weights")


def as_text(known: dict[str, Any]) -> str:
    """Write one line a block and one a file, so that a change can be read."""
    text = json.dumps(known, indent=1)
    inner = re.compile(r"[\[{]\s+(?:[^\[\]{}]|\[[^\[\]{}]*\])*?[\]}]")
    text = re.sub(r"\[\s+(\d+),\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2, \3]", text)
    return inner.sub(lambda m: re.sub(r"\s*\n\s*", " ", m[0]), text) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
