"""What images look like, as measured when they came in, and what is worth telling about it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core import natural
from core.datasets import versions
from core.datasets.duplicates import Signature
from core.datasets.similarity import HASH_BYTES, contrast
from core.records import ImageRecord
from core.words import Message


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


def stats_of(
    images: Sequence[ImageRecord], signatures: Sequence[Signature]
) -> tuple[ImageStats, ...]:
    """Give images with what was measured of them when they came in."""
    known = {found.content: found for found in signatures}
    images = [image for image in images if image.content in known]
    if not images:
        return ()
    rows = [known[image.content] for image in images]
    tiny = _tiny_pictures(rows)
    grey = tiny @ np.array([0.299, 0.587, 0.114], np.float32)
    values = zip(images, rows, grey.mean(axis=1), contrast(tiny), strict=True)
    return tuple(
        ImageStats(image, float(brightness), float(spread), row.sharpness, row.border)
        for image, row, brightness, spread in values
    )


def _tiny_pictures(signatures: Sequence[Signature]) -> np.ndarray:
    """Read the pictures of 8 x 8 pixels in signatures: (images, 64, 3) float32 in 0..255."""
    raw = b"".join(bytes.fromhex(found.signature)[HASH_BYTES:] for found in signatures)
    return np.frombuffer(raw, np.uint8).reshape(-1, 64, 3).astype(np.float32)


def finding(kind: str, what: Message, why: Message, images: Sequence[ImageRecord] = ()) -> Finding:
    """Make a finding that concerns images."""
    labels = tuple(sorted({image.label for image in images}, key=natural.sort_key))
    return Finding(kind=kind, what=what, why=why, images=tuple(images), labels=labels)
