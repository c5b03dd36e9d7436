"""By how much one model does better than another on the same images, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import by_groups
from core.judging.evaluation.comparing import SPREAD


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedGain:
    """A difference of two shares of right answers with its 95 % interval."""

    value: float
    low: float
    high: float


def measure(
    first: NDArray[np.bool_],
    second: NDArray[np.bool_],
    groups: Sequence[str] = (),
    *,
    comparisons: int = 1,
    spread: float = SPREAD,
) -> PairedGain:
    """Measure how much larger the second share is: (images,) bool each.

    Images of a group count as one witness (the ratio estimator of clusters; Cochran 1977, 6.3).
    One image more is taken to have changed, so that few that did not are no certainty (Agresti &
    Min 2005). ``spread`` stands for folds that learned from images in common, 1 for models that did
    not; the interval is wide enough for so many ``comparisons`` at once (Bonferroni).
    """
    changes = second.astype(np.int64) - first.astype(np.int64)
    if not len(changes):
        return PairedGain(value=0.0, low=-1.0, high=1.0)
    units = by_groups.numbers(list(groups) or [""] * len(changes))
    sizes = np.bincount(units)
    value = float(changes.mean())
    if len(sizes) < 2:
        return PairedGain(value=value, low=-1.0, high=1.0)
    left = np.bincount(units, weights=changes) - value * sizes
    squares = float((left**2).sum()) + float(sizes.mean()) ** 2
    error = spread * sqrt(squares * len(sizes) / (len(sizes) - 1)) / len(changes)
    half = by_groups.student(len(sizes) - 1, comparisons=comparisons) * error
    return PairedGain(value=value, low=max(-1.0, value - half), high=min(1.0, value + half))
