"""The finished model on disk: one ``.keras`` file that plain Keras loads, and its card."""

import os
import platform
import secrets
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from core import files
from core.engine import disk_space


def save(model: keras.Model, path: Path) -> None:
    """Write a model whole or not at all: beside, flushed to disk, renamed."""
    for left in path.parent.glob(f".*.{path.name}"):  # by an attempt that was killed
        left.unlink(missing_ok=True)
    disk_space.write(path, 4 * model.count_params(), lambda: _write(model, path))


def _write(model: keras.Model, path: Path) -> None:
    part = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
    try:
        model.save(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    files.sync_folder(path.parent)


def versions() -> tuple[tuple[str, str], ...]:
    """Give the libraries that a model was made with."""
    return (
        ("python", platform.python_version()),
        ("tensorflow", tf.__version__),
        ("keras", keras.__version__),
        ("numpy", np.__version__),
    )
