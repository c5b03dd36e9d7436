"""The range around an answer in which the truth lies nine times in ten (split conformal).

The errors on images that were not learned from tell how far off answers are; of n of them the
ceil(0.9 (n + 1))-th smallest is the half range (Papadopoulos et al. 2002; Lei et al. 2018). No
assumption is made on how errors are distributed, only that new images are like those.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import by_groups

COVERAGE = 0.9
LEAST_IMAGES = 40  # of validation: with fewer a range would hardly hold, or hold everything


def half_range(errors: NDArray, groups: Sequence[str] = ()) -> float | None:
    """Give how far to each side; None where too few images, or groups of them, can tell.

    ``errors``: (images,) float, absolute. Of a group one image counts in the mean: each of its
    images has a share of one.
    """
    units = by_groups.numbers(list(groups) or [""] * len(errors))
    number = len(np.unique(units))
    if number < LEAST_IMAGES or not np.isfinite(errors).all():
        return None
    weights = 1 / np.bincount(units)[units]
    order = np.argsort(errors, kind="stable")
    reached = np.cumsum(weights[order])
    wanted = ceil(COVERAGE * (number + 1))
    index = int(np.searchsorted(reached, wanted - 1e-9))
    return float(errors[order][min(index, len(order) - 1)])
