"""Batches: which images and views an epoch sees in which order, several batches to one call."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.engine.features import pipeline
from core.engine.features.pipeline import Features

CHUNK_BYTES = 16 * 2**20  # of inputs in one call

# inputs, labels, weights and, with a teacher, its logits: (batches, batch, ...) each
Batches = tuple[NDArray, ...]


class Taught(Protocol):
    """What a teacher says of the images of a part."""

    def batch(self, rows: NDArray, views: NDArray) -> NDArray[np.float32]:
        """Give its logits: (batch, classes). ``rows``, ``views``: (batch,), int64."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a data set, ready to be learned from."""

    features: Features
    labels: NDArray  # int32, of classes; or float32, standardised numbers
    weights: NDArray[np.float32]  # of each image's class, never zero
    taught: Taught | None = None

    def __len__(self) -> int:
        return len(self.labels)


class BatchesPerCall:
    """How many batches go into one call: few enough for a few reports a second."""

    def __init__(self) -> None:
        self.size = 1

    def took(self, seconds: float) -> None:
        """Learn from how long a call took."""
        if seconds < 0.08:
            self.size = min(256, self.size * 2)
        elif seconds > 0.3:
            self.size = max(1, self.size // 2)


def shuffled(num_images: int, *key: int) -> NDArray[np.int64]:
    """Shuffle rows: a function of the key (seed, phase, epoch) alone."""
    return np.random.default_rng(key).permutation(num_images)


def chunks(
    part: Part, rows: NDArray, views: NDArray, *, size: int, pace: BatchesPerCall, replicas: int = 1
) -> Iterator[Batches]:
    """Read rows in order, whole batches of ``size``, the next ones while these are in use.

    ``rows``: (n,), int64, in the order of the epoch. ``views``: (images of the part,), int64, the
    view of each. A last batch that is smaller stands alone.
    """
    most = max(1, CHUNK_BYTES // (4 * size * int(np.prod(part.features.shape))))
    pieces = _pieces(rows, size, pace, most)
    return pipeline.ahead(_read(part, piece, views[piece], size, replicas) for piece in pieces)


def _pieces(rows: NDArray, size: int, pace: BatchesPerCall, most: int) -> Iterator[NDArray]:
    whole, start = len(rows) // size * size, 0
    while start < whole:
        end = min(whole, start + size * min(pace.size, most))
        yield rows[start:end]
        start = end
    if whole < len(rows):
        yield rows[whole:]


def _read(part: Part, rows: NDArray, views: NDArray, size: int, replicas: int) -> Batches:
    taught = () if part.taught is None else (part.taught.batch(rows, views),)
    arrays = (part.features.batch(rows, views), part.labels[rows], part.weights[rows], *taught)
    length = min(size, len(rows))
    x, y, w, *soft = (a.reshape(-1, length, *a.shape[1:]) for a in arrays)
    missing = -length % replicas
    if not missing:
        return x, y, w, *soft
    filled = [_repeat(a, missing) for a in (x, y, *soft)]
    return filled[0], filled[1], _fill(w, missing), *filled[2:]


def _repeat(batch: NDArray, missing: int) -> NDArray:
    """Fill batches up, so that each replica has as many images as the others."""
    return np.concatenate([batch, batch[:, :1].repeat(missing, axis=1)], axis=1)


def _fill(weights: NDArray, missing: int) -> NDArray:
    return np.pad(weights, ((0, 0), (0, missing)))  # zero: not an image of its own
