"""Small model files, whole and hostile, written by hand: without Keras, in milliseconds."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Config = dict[str, Any]
Change = Callable[[Config], None]
WEIGHTS = {"conv": [(3, 3, 3, 4), (4,)], "dense": [(4, 2), (2,)]}


def layer(kind: str, name: str, given: list[Any] | None = None, **config: Any) -> Config:
    made: Config = {
        "module": "keras.layers",
        "class_name": kind,
        "config": {"name": name, "trainable": True, **config},
        "registered_name": None,
        "name": name,
        "inbound_nodes": [],
    }
    return made | ({"build_config": {"input_shape": given}} if given else {})


def network() -> Config:
    """Describe pixels -> convolution -> average -> two classes."""
    layers = [
        layer("InputLayer", "pixels", batch_shape=[None, 32, 32, 3], dtype="float32"),
        layer("Conv2D", "conv", [None, 32, 32, 3], filters=4, kernel_size=[3, 3], strides=[1, 1],
              padding="same", dilation_rate=[1, 1], groups=1, activation="relu", use_bias=True),
        layer("GlobalAveragePooling2D", "average"),
        layer("Dense", "dense", [None, 4], units=2, activation="softmax", use_bias=True),
    ]  # fmt: skip
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {"name": "tiny", "trainable": True, "layers": layers},
        "registered_name": "Functional",
        "build_config": {"input_shape": None},
    }


def layers(config: Config) -> list[Config]:
    found: list[Config] = config["config"]["layers"]
    return found


def tables(write: Callable[[h5py.File], None] = lambda file: None) -> bytes:
    """Write the weights of `network`, and whatever else is to be in the file."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, shapes in WEIGHTS.items():
            for number, shape in enumerate(shapes):
                file[f"layers/{name}/vars/{number}"] = np.zeros(shape, np.float32)
        write(file)
    return buffer.getvalue()


def write(
    path: Path,
    config: Config | str | None = None,
    weights: bytes | None = None,
    *,
    method: int = zipfile.ZIP_STORED,
    more: dict[str, bytes] | None = None,
    without: str = "",
) -> Path:
    """Pack a model file."""
    text = config if isinstance(config, str) else json.dumps(config or network())
    members = {
        "metadata.json": b'{"keras_version": "3.15.1"}',
        "config.json": text.encode("utf-8", "surrogatepass"),
        "model.weights.h5": tables() if weights is None else weights,
        **(more or {}),
    }
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            if name != without:
                archive.writestr(name, data)
    return path


def changed(change: Change) -> Config:
    config = network()
    change(config)
    return config
