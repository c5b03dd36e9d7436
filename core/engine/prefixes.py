"""The frozen part of a network, and the name under which its features are kept."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import keras
import tensorflow as tf

from core.engine import openvino_network

_ENGINE = "backbones blocks converting extraction heads network openvino_network scratch views"
_CORE = "images/augmenting.py models/backbones.json images/pixels.py models/catalog.py"


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
    parts = (backbone, weights, cut, size, pooling, versions, code_version())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def code_version(core: Path = Path(__file__).parents[1]) -> str:
    """Hash the sources that decide what features are; a change in them is another prefix."""
    paths = [core / "engine" / f"{name}.py" for name in _ENGINE.split()]
    paths += [core / name for name in _CORE.split()]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
