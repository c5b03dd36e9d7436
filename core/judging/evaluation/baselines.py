"""What a score has to beat: no network, only the most frequent class, likeness of pixels, colour.

Each learns from the training images and is judged on the same images as the model. Small pictures
come in, (images, side, side, 3) uint8; at most 2,000 images are learned from.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.judging import folds, solver
from core.judging.design import prepare

Array = NDArray[np.float64]

MOST_IMAGES = 2000
SIDE = 16  # pixels of the pictures that are compared
_BINS = 8  # of a colour's red, green and blue each
_AT_ONCE = 256  # images that are compared at once


def sample(labels: Sequence[int], groups: Sequence[str], contents: Sequence[str]) -> NDArray:
    """Choose whom to learn from: (chosen,) int64, of every class its share."""
    dealt = folds.deal(labels, groups, contents, sample=MOST_IMAGES)
    return np.flatnonzero(dealt != folds.SKIPPED)[:MOST_IMAGES]


def majority(labels: NDArray, num: int) -> NDArray[np.int64]:
    """Name the most frequent class so many times: (num,) int64. ``labels``: (images,) int."""
    return np.full(num, np.bincount(labels).argmax())


def nearest_pixels(pictures: NDArray, labels: NDArray, asked: NDArray) -> NDArray[np.int64]:
    """Name each picture as the one of the most similar pixels is: (asked,) int64.

    ``pictures``, ``asked``: (images, side, side, 3) uint8; ``labels``: (images,) int.
    """
    known = _flat(pictures)
    squares = np.einsum("ij,ij->i", known, known)
    nearest = [
        (squares - 2 * _flat(asked[start : start + _AT_ONCE]) @ known.T).argmin(axis=1)
        for start in range(0, len(asked), _AT_ONCE)
    ]
    return np.asarray(labels, np.int64)[np.concatenate(nearest)] if nearest else _nothing()


def colour(
    pictures: NDArray,
    labels: NDArray,
    groups: Sequence[str],
    contents: Sequence[str],
    asked: NDArray,
) -> NDArray[np.int64]:
    """Name pictures by how often they have each colour, through softmax regression: (asked,) int64.

    ``pictures``, ``asked``: (images, side, side, 3) uint8; ``labels``: (images,) int.
    """
    if not len(asked):
        return _nothing()
    labels = np.asarray(labels, np.int64)
    num_classes = int(labels.max()) + 1
    design = prepare(histograms(pictures))
    dealt = folds.deal(labels.tolist(), list(groups), list(contents))
    trials = tuple(
        solver.search(design, labels, dealt, num_classes=num_classes, strengths=solver.COARSE)
    )
    *_, last = solver.solve(design, labels, solver.best(trials), num_classes=num_classes)
    found: NDArray[np.int64] = (
        design.head(last.weights).logits(histograms(asked)).argmax(axis=1).astype(np.int64)
    )
    return found


def histograms(pictures: NDArray) -> Array:
    """Count colours: (images, 512) float, the square roots of their shares.

    ``pictures``: (images, side, side, 3) uint8.
    """
    levels = (np.asarray(pictures, np.uint8) // (256 // _BINS)).astype(np.int64)
    cells = (levels[..., 0] * _BINS + levels[..., 1]) * _BINS + levels[..., 2]
    flat = cells.reshape(len(cells), -1) + np.arange(len(cells))[:, None] * _BINS**3
    counts = np.bincount(flat.ravel(), minlength=len(cells) * _BINS**3)
    shares: Array = np.sqrt(counts.reshape(len(cells), -1) / max(1, flat.shape[1]))
    return shares


def _flat(pictures: NDArray) -> NDArray[np.float32]:
    return np.asarray(pictures, np.float32).reshape(len(pictures), -1)


def _nothing() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)
