"""The frozen part of a network, and the name under which its features are kept."""

import ast
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import keras
import tensorflow as tf

from core.engine.networks import openvino_network

_ROOTS = ("engine/features/extraction", "engine/features/views", "engine/networks/network")
_SAY_ONLY = ("records", "models/backbone_texts", "models/downloads", "models/download_errors")


@dataclass(frozen=True, slots=True)
class Prefix:
    """The frozen part of a network: pixels 0..255 in, features out."""

    model: keras.Model
    key: str  # as `key_of` makes it
    size: int  # of the images, pixels


def key_of(*, backbone: str, weights: str, cut: str, size: int, pooling: str) -> str:
    """Name a prefix such that equal names mean equal features.

    ``weights`` is their hash; ``pooling`` is empty where activations are kept as they are.
    """
    versions = (keras.__version__, tf.__version__, openvino_network.installed())
    parts = (backbone, weights, cut, size, pooling, versions, _loaded_code())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


@cache
def _loaded_code() -> str:
    return code_version()


def code_version(core: Path = Path(__file__).parents[2]) -> str:
    """Hash the sources that decide what features are; a change in them is another prefix."""
    paths = [*code(core), *sorted((core / "models").glob("*.json"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def code(core: Path) -> list[Path]:
    """Give the modules of ``core`` that features pass through: those imported, however far down.

    Records are left out, whose values stand in the key themselves, and what only says something:
    the modules right in ``core`` and texts.
    """
    found: set[Path] = set()
    waiting = [core / f"{root}.py" for root in _ROOTS]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imported(path, core)
    return sorted(found)


def _imported(path: Path, core: Path) -> list[Path]:
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core."):
            names |= {str(node.module), *(f"{node.module}.{part.name}" for part in node.names)}
    inside = (name.removeprefix("core.").replace(".", "/") for name in names if name.count(".") > 1)
    paths = (core / f"{name}.py" for name in inside if not name.startswith(_SAY_ONLY))
    return [path for path in paths if path.exists()]
