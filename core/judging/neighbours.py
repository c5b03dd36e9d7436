"""Whether what lies nearest to a picture is of its class: in features, or on a map of them."""

import numpy as np
from numpy.typing import NDArray

NUMBER = 5
_CELLS = 2**22  # distances held at once


def nearest(points: NDArray, number: int = NUMBER) -> NDArray[np.int64]:
    """Give the points nearest to each by Euclidean distance, the nearest first: (points, number).

    ``points``: (points, coordinates) float, more of them than ``number``.
    """
    points = np.asarray(points, np.float32)
    squares = np.einsum("ij,ij->i", points, points)
    found = np.empty((len(points), number), np.int64)
    step = max(1, _CELLS // max(len(points), 1))
    for start in range(0, len(points), step):
        own = np.arange(start, min(start + step, len(points)))
        apart = squares - 2 * (points[own] @ points.T)  # but for what a row has in common
        apart[np.arange(len(own)), own] = np.inf
        some = np.argpartition(apart, number - 1, axis=1)[:, :number]
        order = np.argsort(np.take_along_axis(apart, some, axis=1), axis=1, kind="stable")
        found[own] = np.take_along_axis(some, order, axis=1)
    return found


def of_own_class(points: NDArray, labels: NDArray, number: int = NUMBER) -> NDArray[np.int64]:
    """Count, of those nearest to each point, the ones of its class: (points,)."""
    same = labels[nearest(points, number)] == labels[:, None]
    return np.asarray(same.sum(axis=1), np.int64)
