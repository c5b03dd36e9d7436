"""The head of a number solved in closed form: ridge regression, its strength by held-out folds.

Rows are those of `judging.design`: standardised features of unit length along their axes. What is
least: the mean squared error plus the strength times the squares of the weights, without the bias.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging.design import Design

Array = NDArray[np.float64]

STRENGTHS = tuple(10.0 ** (power / 2) for power in range(1, -13, -1))
DEFAULT = 1e-3  # where no fold can tell


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthTrial:
    """A strength, and the mean squared error that it comes to on held-out images."""

    strength: float
    error: float


def search(
    design: Design,
    numbers: NDArray,
    folds: NDArray[np.int64],
    strengths: Sequence[float] = STRENGTHS,
) -> Iterator[StrengthTrial]:
    """Try strengths on images held back fold by fold; none where there is a single fold.

    ``numbers``, ``folds``: (images,). Each image is seen in its view 0.
    """
    rows, wanted = design.rows[:: design.num_views, :-1], np.asarray(numbers, np.float64)
    found = np.unique(folds)
    errors = np.zeros(len(strengths))
    if len(found) < 2:
        return
    for fold in found:
        out = folds == fold
        path = _Path(rows[~out], wanted[~out])
        for index, strength in enumerate(strengths):
            weights, bias = path.at(strength)
            errors[index] += float(((rows[out] @ weights + bias - wanted[out]) ** 2).sum())
    for strength, error in zip(strengths, errors / len(wanted), strict=True):
        yield StrengthTrial(strength=strength, error=float(error))


def best(trials: Sequence[StrengthTrial]) -> float:
    """Choose the strength of the least error, the stronger on a tie."""
    chosen = min(trials, key=lambda trial: trial.error, default=None)
    return chosen.strength if chosen else DEFAULT


def solve(design: Design, numbers: NDArray, strength: float) -> Array:
    """Give the weights along the axes and the bias: (1, axes + 1), for `Design.head`.

    ``numbers``: (images,); the views of an image share its number.
    """
    wanted = np.repeat(np.asarray(numbers, np.float64), design.num_views)
    weights, bias = _Path(design.rows[:, :-1], wanted).at(strength)
    return np.append(weights, bias)[None]


class _Path:
    """The solutions of all strengths: the rows are taken apart once."""

    def __init__(self, rows: Array, wanted: Array) -> None:
        self._mean, self._bias = rows.mean(axis=0), float(wanted.mean())
        centred = rows - self._mean
        self._values, self._vectors = np.linalg.eigh(centred.T @ centred / len(rows))
        self._turned = self._vectors.T @ (centred.T @ (wanted - self._bias)) / len(rows)

    def at(self, strength: float) -> tuple[Array, float]:
        """Give weights (axes,) and bias."""
        weights = self._vectors @ (self._turned / (np.maximum(self._values, 0) + strength))
        return weights, self._bias - float(self._mean @ weights)
