"""Pictures like nothing that was learned from: the cosine to the prototypes of the classes.

Each class has up to four prototypes, by spherical k-means (Dhillon & Modha 2001) on its training
features. A picture whose features lie further from all of them than 95 % of the validation images
do is unknown. That finds pictures of another kind, noise and flat colours; it does not find a
class that was forgotten, which looks like those that were learned.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging import folds
from core.judging.head import unit_lengths

Array = NDArray[np.float64]

PROTOTYPES = 4  # of a class, at most
KEPT = 0.95  # of the images that set the threshold
LEAST_IMAGES = 20  # fewer cannot set one
ENOUGH_IMAGES = 200  # from here on the validation images alone do
_IMAGES_EACH = 3  # of a prototype, at least
_ROUNDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Prototypes:
    """What was learned from, in a few directions of unit length."""

    directions: Array  # (prototypes, features)
    classes: NDArray[np.int64]  # (prototypes,), of each

    def similarity(self, features: NDArray) -> Array:
        """Give the largest cosine to a prototype: (images,) float, -1..1."""
        found: Array = (_units(features) @ self.directions.T).max(axis=1)
        return found


def learn(features: NDArray, labels: NDArray) -> Prototypes:
    """Find the prototypes. ``features``: (images, features) float; ``labels``: (images,) int.

    The same images give the same prototypes: nothing is drawn by lot.
    """
    rows, labels = _units(features), np.asarray(labels, np.int64)
    found, classes = [], []
    for number in np.unique(labels):
        own = rows[labels == number]
        directions = _spherical_means(own, _number(len(own)))
        found.append(directions)
        classes += [int(number)] * len(directions)
    return Prototypes(directions=np.concatenate(found), classes=np.array(classes, np.int64))


def out_of_fold(
    features: NDArray, labels: NDArray, groups: list[str], contents: list[str]
) -> Array:
    """Give each image's similarity to prototypes of the other folds: (images,) float.

    ``features``: (images, features) float; ``labels``: (images,) int.
    """
    labels = np.asarray(labels, np.int64)
    dealt = folds.deal(labels.tolist(), groups, contents)
    found = np.full(len(labels), np.nan)
    for fold in np.unique(dealt):
        inside = dealt == fold
        if not inside.all():
            found[inside] = learn(features[~inside], labels[~inside]).similarity(features[inside])
    return found


def threshold(similarities: NDArray) -> float | None:
    """Give the similarity below which a picture is unknown; None where too few images can tell.

    ``similarities``: (images,) float, of images that the prototypes were not learned from.
    """
    known = np.asarray(similarities)[np.isfinite(similarities)]
    return float(np.quantile(known, 1 - KEPT)) if len(known) >= LEAST_IMAGES else None


def refused(
    similarities: NDArray, labels: NDArray, limit: float, *, num_classes: int
) -> tuple[tuple[int, int], ...]:
    """Count of each class the images that would be called unknown, and all of them.

    ``similarities``: (images,) float; ``labels``: (images,) int.
    """
    unknown = np.asarray(similarities) < limit
    counts = np.bincount(labels, minlength=num_classes)
    lost = np.bincount(np.asarray(labels)[unknown], minlength=num_classes)
    return tuple(zip(lost.tolist(), counts.tolist(), strict=True))


def _number(images: int) -> int:
    return max(1, min(PROTOTYPES, images // _IMAGES_EACH))


def _units(features: NDArray) -> Array:
    rows = np.asarray(features, np.float64)
    found: Array = rows / unit_lengths(rows)
    return found


def _spherical_means(rows: Array, number: int) -> Array:
    """Move directions to the middle of the rows that are nearest to them, until they stay."""
    directions = _far_apart(rows, number)
    nearest = np.full(len(rows), -1)
    for _ in range(_ROUNDS):
        found = (rows @ directions.T).argmax(axis=1)
        if np.array_equal(found, nearest):
            break
        nearest = found
        sums = np.stack([rows[nearest == k].sum(axis=0) for k in range(number)])
        moved = np.linalg.norm(sums, axis=1) > 0
        directions = np.where(moved[:, None], _units(sums), directions)
    return directions


def _far_apart(rows: Array, number: int) -> Array:
    """Start with the row nearest to the mean, then always the one furthest from those taken."""
    first = int((rows @ rows.mean(axis=0)).argmax())
    taken, nearest = [first], rows @ rows[first]
    for _ in range(number - 1):
        furthest = int(nearest.argmin())
        taken.append(furthest)
        nearest = np.maximum(nearest, rows @ rows[furthest])
    return rows[taken]
