"""Features as a linear model sees them: of unit length, standardised, in as few numbers as needed.

With fewer images than features, all that a penalised linear model can learn lies in the space
that the images span: 100,000 features of 200 images are 199 numbers each. Its axes are the
principal ones, along which the loss is curved almost independently; that saves half of the steps.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging.head import LinearHead, unit_lengths

Array = NDArray[np.float64]

_BLOCK = 1 << 20  # numbers converted at a time
_FLOOR = 1e-3  # of the spread of all features: added to each, so that none is blown up
_NOISE = 1e-9  # a spread that is only rounding
_LEAST_VARIANCE = 1e-12  # along an axis; all together have about 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """How features are standardised: (unit row - mean) / scale, with a mean square sum of 1."""

    lengths: Array  # (rows, 1)
    mean: Array  # (features,)
    deviation: Array  # (features,)
    scale: Array  # (features,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The features of images in views, along axes, and a last column of ones."""

    rows: Array  # (images x views, axes + 1); the views of an image follow one another
    variances: Array  # (axes,)
    num_views: int
    features: NDArray  # (images x views, features), as they were given
    standard: Standard
    basis: Array | None  # (images x views, axes): what sums rows to axes; None: axes are features

    @property
    def num_images(self) -> int:
        """Count the images; each has all views."""
        return len(self.rows) // self.num_views

    def head(self, weights: Array) -> LinearHead:
        """Fold weights along the axes, (classes, axes + 1) float, into a head for unit rows."""
        kernel = weights[:, :-1].T
        if self.basis is not None:
            shares = self.basis @ kernel
            blocks = _columns(self.features, self.standard)
            kernel = np.concatenate([block.T @ shares for block in blocks])
        kernel = kernel / self.standard.scale[:, None]
        return LinearHead(kernel=kernel, bias=weights[:, -1] - self.standard.mean @ kernel)


def prepare(features: NDArray) -> Design:
    """Standardise features: (images, features) or (images, views, features), of any float type.

    Takes 8 bytes for each number, or for as many as there are pairs of rows where that is less.
    Raises `ValueError` where they are not finite.
    """
    if features.ndim not in (2, 3) or not features.size:
        raise ValueError(f"Features were of shape {features.shape}.")
    flat = features.reshape(-1, features.shape[-1])
    standard = _standard(flat)
    few = flat.shape[0] < flat.shape[1]
    rows, variances, basis = _reduced(flat, standard) if few else _whole(flat, standard)
    return Design(
        rows=rows,
        variances=variances,
        num_views=features.shape[1] if features.ndim == 3 else 1,
        features=flat,
        standard=standard,
        basis=basis,
    )


def _standard(flat: NDArray) -> Standard:
    lengths = np.concatenate([unit_lengths(flat[part]) for part in _slices(flat)])
    if not np.isfinite(lengths).all():
        raise ValueError("Features were not finite numbers.")
    mean, squares = np.zeros(flat.shape[1]), np.zeros(flat.shape[1])
    for part in _slices(flat):
        mean += (flat[part] / lengths[part]).sum(axis=0) / len(flat)
    for part in _slices(flat):
        squares += ((flat[part] / lengths[part] - mean) ** 2).sum(axis=0) / len(flat)
    overall = np.sqrt(squares.mean() + mean.var())
    scale = np.sqrt(flat.shape[1]) * (np.sqrt(squares) + _FLOOR * overall) + _NOISE
    return Standard(lengths=lengths, mean=mean, deviation=np.sqrt(squares), scale=scale)


def _whole(flat: NDArray, standard: Standard) -> tuple[Array, Array, None]:
    """Take the features themselves for axes."""
    rows = np.ones((len(flat), flat.shape[1] + 1))
    for part in _slices(flat):
        unit = flat[part] / standard.lengths[part]
        rows[part, :-1] = (unit - standard.mean) / standard.scale
    return rows, (standard.deviation / standard.scale) ** 2, None


def _reduced(flat: NDArray, standard: Standard) -> tuple[Array, Array, Array]:
    """Find the principal axes of the rows from their products with each other."""
    products = np.zeros((len(flat), len(flat)))
    for block in _columns(flat, standard):
        products += block @ block.T
    values, vectors = np.linalg.eigh(products)
    kept = values > _LEAST_VARIANCE * len(flat)
    lengths, axes = np.sqrt(values[kept]), vectors[:, kept]
    rows = np.column_stack([axes * lengths, np.ones(len(flat))])
    return rows, values[kept] / len(flat), axes / lengths


def _columns(flat: NDArray, standard: Standard) -> Iterator[Array]:
    """Give the standardised features a few columns at a time."""
    size = max(1, _BLOCK // len(flat))
    for first in range(0, flat.shape[1], size):
        part = slice(first, first + size)
        unit = flat[:, part] / standard.lengths
        yield (unit - standard.mean[part]) / standard.scale[part]


def _slices(flat: NDArray) -> Iterator[slice]:
    """Give the rows a few at a time."""
    size = max(1, _BLOCK // flat.shape[1])
    return (slice(first, first + size) for first in range(0, len(flat), size))
