"""Hostile model files, each with a word of the reason it is refused for."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from tests.core.backbones.model_files import (
    Change,
    Config,
    changed,
    layer,
    layers,
    network,
    tables,
    write,
)

Maker = Callable[[Path], object]


def _with(change: Change) -> Maker:
    return lambda path: write(path, changed(change))


def _added(**entry: Any) -> Maker:
    return _with(lambda config: layers(config).insert(2, {"inbound_nodes": [], **entry}))


def _set(index: int, **values: Any) -> Maker:
    return _with(lambda config: layers(config)[index]["config"].update(values))


def _stored(change: Callable[[h5py.File], None]) -> Maker:
    return lambda path: write(path, weights=tables(change))


def _function(module: str, name: str) -> Config:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def _nested(depth: int) -> Config:
    config: Config = network()
    for _ in range(depth):
        config["config"] = {"layers": [], "inner": config["config"]}
    return config


def _twice(path: Path) -> None:
    write(path)
    with zipfile.ZipFile(path, "a") as archive, _quietly():
        archive.writestr("config.json", "{}")


def _quietly() -> Any:
    import warnings

    caught = warnings.catch_warnings()
    warnings.simplefilter("ignore")
    return caught


def _cut_off(path: Path) -> None:
    data = write(path).read_bytes()
    path.write_bytes(data[: len(data) // 2])


def _encrypted(path: Path) -> None:
    data = bytearray(write(path).read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(sign, start)) >= 0:
            data[start + offset] |= 1
            start += 4
    path.write_bytes(data)


def _wrong_sum(path: Path) -> None:
    data = bytearray(write(path).read_bytes())
    data[data.find(b"\x89HDF\r\n\x1a\n") + 2000] ^= 0xFF
    path.write_bytes(data)


def _external(file: h5py.File) -> None:
    file["layers/conv/vars/9"] = h5py.ExternalLink("/etc/passwd", "/")


def _soft(file: h5py.File) -> None:
    file["layers/conv/vars/9"] = h5py.SoftLink("/layers/dense/vars/0")


def _outside(file: h5py.File) -> None:
    file.create_dataset("layers/x", (8,), "f4", external=[("/etc/passwd", 0, 32)])


def _virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", shape=(4,))
    file.create_virtual_dataset("layers/x", layout)


def _packed(file: h5py.File) -> None:
    file.create_dataset("layers/x", (4096, 4096), "f4", compression="gzip")


def _unwritten(file: h5py.File) -> None:
    file.create_dataset("layers/x", (50_000, 50_000), "f4")


def _circle(file: h5py.File) -> None:
    file["layers/conv/back"] = file["layers"]


def _shared(file: h5py.File) -> None:
    file["layers/x"] = file["layers/dense/vars/0"]


def _strings(file: h5py.File) -> None:
    file["layers/x"] = np.array([b"__import__('os')"])


def _type(file: h5py.File) -> None:
    file["layers/x"] = np.dtype("f4")


def _deep(file: h5py.File) -> None:
    file.create_group("/".join("g" * 100))


_LAMBDA = {"module": "keras.layers", "class_name": "Lambda"}
_CODE = ["4wEAAAAAAAAAAAAAAAEAAAACAAAAQwAAAHMEAAAAfABTAA==\n", None, None]

HOSTILE: Mapping[str, tuple[Maker, str]] = {
    "text": (lambda path: path.write_text("import os"), "no ZIP"),
    "empty": (lambda path: path.write_bytes(b""), "no ZIP"),
    "hdf5": (lambda path: path.write_bytes(tables()), "HDF5"),
    "cut off": (_cut_off, "no ZIP"),
    "compressed": (lambda path: write(path, method=zipfile.ZIP_DEFLATED), "compressed"),
    "a bomb": (
        lambda path: write(path, weights=bytes(50_000_000), method=zipfile.ZIP_DEFLATED),
        "compressed",
    ),
    "a member twice": (_twice, "twice"),
    "a member more": (lambda path: write(path, more={"assets/run.py": b""}), "assets/run.py"),
    "a path upwards": (lambda path: write(path, more={"../../.bashrc": b""}), "bashrc"),
    "a member less": (lambda path: write(path, without="metadata.json"), "metadata.json"),
    "encrypted": (_encrypted, "encrypted"),
    "wrong checksum": (_wrong_sum, "damaged"),
    "no JSON": (lambda path: write(path, "{'class_name'"), "no JSON"),
    "a list": (lambda path: write(path, "[]"), "names no model"),
    "JSON of depth": (lambda path: write(path, "[" * 200_000), "no JSON"),
    "NaN": (lambda path: write(path, '{"class_name": NaN}'), "no JSON"),
    "nested": (lambda path: write(path, _nested(80)), "nested"),
    "a long text": (_set(1, name="a" * 5000), "long text"),
    "an address": (_set(1, name="https://example.org/x"), "address"),
    "Lambda": (_added(**_LAMBDA, config={"function": _CODE}), "Lambda"),
    "Lambda by name": (
        _added(**_LAMBDA, config={"function": _function("keras.config", "enable_unsafe")}),
        "Lambda",
    ),
    "TFSMLayer": (
        _added(module="keras.layers", class_name="TFSMLayer", config={"filepath": "/tmp/x"}),
        "TFSMLayer",
    ),
    "a look-up": (
        _added(module="keras.layers", class_name="StringLookup", config={"vocabulary": "/x"}),
        "StringLookup",
    ),
    "a class of its own": (
        _added(module="my_code", class_name="Dense", config={}, registered_name="my>Dense"),
        "my>Dense",
    ),
    "a module of its own": (_added(module="os", class_name="Dense", config={}), "Dense"),
    "a subclass": (
        _with(lambda config: config.update(module="my_code", class_name="Net")),
        "Net",
    ),
    "exec": (_set(1, activation=_function("builtins", "exec")), "builtins.exec"),
    "system": (_set(3, activation=_function("os", "system")), "os.system"),
    "exec as text": (_set(1, activation="builtins.exec"), "builtins.exec"),
    "an initializer by path": (_set(1, kernel_initializer="os.system"), "os.system"),
    "a policy": (
        _set(1, dtype={"module": "keras", "class_name": "DTypePolicy", "config": {"name": "int8"}}),
        "int8",
    ),
    "two thousand million units": (_set(3, units=2_000_000_000), "2000000000"),
    "sixty thousand units": (_set(3, units=60_000), "4 × 60000"),
    "a wide kernel": (_set(1, kernel_size=[999, 999]), "999 × 999"),
    "no input": (
        _with(lambda config: layers(config)[3].pop("build_config")),
        "what it is given",
    ),
    "another input": (
        _with(
            lambda config: layers(config)[3].update(build_config={"input_shape": [None, 65_000]})
        ),
        "65000 × 2",
    ),
    "a large picture": (_set(0, batch_shape=[None, 100_000, 100_000, 3]), "100000"),
    "many layers": (
        _with(lambda config: layers(config).extend(layer("ReLU", f"r{i}") for i in range(6000))),
        "too many layers",
    ),
    "no weights": (lambda path: write(path, weights=b""), "damaged"),
    "weights of text": (lambda path: write(path, weights=b"import os" * 99), "damaged"),
    "another file's table": (_stored(_external), "another place"),
    "a soft link": (_stored(_soft), "another place"),
    "a table outside": (_stored(_outside), "spread"),
    "a virtual table": (_stored(_virtual), "spread"),
    "a packed table": (_stored(_packed), "packed"),
    "a table of nothing": (_stored(_unwritten), "more numbers"),
    "a circle": (_stored(_circle), "two ways"),
    "a table twice": (_stored(_shared), "two ways"),
    "strings": (_stored(_strings), "no numbers"),
    "a type": (_stored(_type), "no table"),
    "groups in groups": (_stored(_deep), "nested"),
}
