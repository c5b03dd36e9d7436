"""The frozen part of a network, and the name under which its features are kept."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import keras


@dataclass(frozen=True, slots=True)
class Prefix:
    """The frozen part of a network: pixels 0..255 in, features out."""

    model: keras.Model
    key: str  # as `key_of` makes it
    size: int  # of the images, pixels


def key_of(*, backbone: str, weights: str, cut: str, size: int, pooled: bool) -> str:
    """Name a prefix such that equal names mean equal features; ``weights`` is their hash."""
    parts = (backbone, weights, cut, size, pooled, keras.__version__, _code_version())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _code_version() -> str:
    """Hash the sources that decide what features are; a change in them is another prefix."""
    here = Path(__file__).parent
    engine = "backbones blocks converting extraction openvino_network scratch views"
    paths = [here / f"{name}.py" for name in engine.split()]
    paths += [here.parent / "pixels.py", here.parent / "augmenting.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
