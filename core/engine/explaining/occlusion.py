"""Occlusion: what a model says with a part of the picture covered (Zeiler & Fergus, ECCV 2014)."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from core.records import PicturePart

GRID = 8  # places along a side
WINDOW = 2  # places that are covered at a time, along a side
_LEAST = 1e-12  # probability

Numbers = Callable[[Iterable[NDArray]], Iterator[float]]  # images -> a number each
Rows = Callable[[Iterable[NDArray]], Iterator[NDArray]]  # images -> a row of probabilities each


def cover(image: NDArray, box: PicturePart) -> NDArray[np.uint8]:
    """Cover a part of an image (height, width, 3) uint8 with the mean colour of the image."""
    height, width = image.shape[:2]
    top, left = int(box.top * height), int(box.left * width)
    bottom, right = int(np.ceil(box.bottom * height)), int(np.ceil(box.right * width))
    covered: NDArray[np.uint8] = np.array(image)
    covered[top:bottom, left:right] = np.round(image.mean((0, 1)))
    return covered


def heat(probabilities: Rows, image: NDArray, index: int) -> NDArray[np.float64]:
    """Cover a window at one place after another: (GRID, GRID) float64.

    A place has the mean, over the windows that cover it, of what they take from the logarithm of
    the class's probability. ``image``: (size, size, 3) uint8.
    """
    return heat_of_number(
        lambda images: (_log(float(row[index])) for row in probabilities(images)), image
    )


def heat_of_number(ask: Numbers, image: NDArray) -> NDArray[np.float64]:
    """Cover a window at one place after another: (GRID, GRID) float64.

    A place has the mean, over the windows that cover it, of what they take from a number.
    """
    before = next(ask([image]))
    starts = range(GRID - WINDOW + 1)
    corners = [(row, column) for row in starts for column in starts]
    said = ask(cover(image, _window(*corner)) for corner in corners)
    total, count = np.zeros((GRID, GRID)), np.zeros((GRID, GRID))
    for (row, column), number in zip(corners, said, strict=True):
        place = np.s_[row : row + WINDOW, column : column + WINDOW]
        total[place] += before - number
        count[place] += 1
    return np.asarray(total / count)


def _window(row: int, column: int) -> PicturePart:
    return PicturePart(
        left=column / GRID,
        top=row / GRID,
        right=(column + WINDOW) / GRID,
        bottom=(row + WINDOW) / GRID,
    )


def _log(probability: float) -> float:
    return float(np.log(max(probability, _LEAST)))
