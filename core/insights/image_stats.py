"""What images look like, as measured when they came in, and what is worth telling about it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core import datasets, natural
from core.datasets import duplicates, versions
from core.datasets.duplicates import Signature
from core.datasets.similarity import HASH_BYTES, contrast
from core.records import Dataset, ImageRecord
from core.words import Message
from core.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ImageStats:
    """An image with what was measured of it."""

    image: ImageRecord
    brightness: float  # mean grey level
    contrast: float  # standard deviation of a tiny picture
    sharpness: float
    border: tuple[int, int, int]

    @property
    def size(self) -> tuple[int, int]:
        return self.image.width, self.image.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing worth knowing before training."""

    kind: str
    what: Message
    why: Message
    images: tuple[ImageRecord, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """Name what it concerns, for `Dataset.settled`: images, or else classes."""
        concerned = [versions.key(image) for image in self.images] or self.labels
        return tuple(mark_of(self.kind, name) for name in concerned)


def mark_of(kind: str, name: str) -> str:
    """Name a finding of one thing: an image by `versions.key`, a class or a file by its name."""
    return f"{kind}:{name}"


def load_image_stats(ws: Workspace, dataset: Dataset) -> tuple[ImageStats, ...]:
    """Give every image with what was measured of it when it came in."""
    known = {s.content: s for s in duplicates.signatures(ws, dataset.id)}
    images = datasets.images(ws, dataset.id, dataset.version)
    return tuple(
        _image_stats(image, known[image.content]) for image in images if image.content in known
    )


def _image_stats(image: ImageRecord, signature: Signature) -> ImageStats:
    tiny = np.frombuffer(bytes.fromhex(signature.signature)[HASH_BYTES:], np.uint8)
    grey = tiny.reshape(-1, 3).astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return ImageStats(
        image,
        float(grey.mean()),
        float(contrast(tiny[None].astype(np.float32))[0]),
        signature.sharpness,
        signature.border,
    )


def finding(kind: str, what: Message, why: Message, images: Sequence[ImageRecord] = ()) -> Finding:
    """Make a finding that concerns images."""
    labels = tuple(sorted({image.label for image in images}, key=natural.sort_key))
    return Finding(kind=kind, what=what, why=why, images=tuple(images), labels=labels)
