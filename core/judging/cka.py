"""How alike two networks see the same images: linear CKA (Kornblith et al., ICML 2019)."""

import numpy as np
from numpy.typing import NDArray


def linear(first: NDArray, second: NDArray) -> float:
    """Compare features of the same images: 1 where one is a turned and scaled copy of the other.

    ``first``, ``second``: (images, features) float, each of its own number of features. 1 for
    features that tell no images apart on either side, 0 where only one side does not, or where
    some are no numbers.
    """
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return 0.0
    one, other = _gram(first), _gram(second)
    lengths = float(np.linalg.norm(one)), float(np.linalg.norm(other))
    if not all(lengths):
        return float(not any(lengths))
    return float(np.clip((one * other).sum() / (lengths[0] * lengths[1]), 0.0, 1.0))


def _gram(features: NDArray) -> NDArray[np.float64]:
    rows = np.asarray(features, np.float64).reshape(len(features), -1)
    centred = rows - rows.mean(axis=0)
    found: NDArray[np.float64] = centred @ centred.T
    return found
