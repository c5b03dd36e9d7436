"""What may be claimed of several models that were judged on the same images, fold by fold.

A p-value is of one comparison, made once, of images that tell independently. Here it is paid for
what is not so: several comparisons (Bonferroni), several looks at a study that goes on (the error
is shared out between them; Pocock 1977), and heads of different folds that learned from images in
common (`SPREAD`). docs/decisions/studies.md measures what comes of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from core.judging import paired
from core.judging.statistics import sign_test
from core.records import Paired
from core.records.results import SURE

SPREAD = 1.2  # by so much counts over folds scatter more than those of independent images
POWER = 0.8  # the share of such differences that would be found


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two models on the same images, and what a claim of a difference costs."""

    found: Paired
    images: int
    comparisons: int  # among which this one was looked for
    looks: int

    @property
    def p(self) -> float:
        """Give how often chance alone makes so much of this one comparison, folds regarded."""
        return spread_sign_test(self.found.better, self.found.worse)

    @property
    def paid(self) -> float:
        """Give p, paid for all comparisons and looks."""
        return min(1.0, self.p * self.comparisons * self.looks)

    @property
    def gain(self) -> float:
        """Give by how much the second's share of right answers is higher."""
        return (self.found.fixed - self.found.broke) / max(1, self.images)

    @property
    def is_better(self) -> bool:
        """Tell whether the second is surely better."""
        found = self.found
        return self.paid < SURE and found.fixed > found.broke and found.better > found.worse

    @property
    def is_worse(self) -> bool:
        """Tell whether the second is surely worse."""
        found = self.found
        return self.paid < SURE and found.fixed < found.broke and found.better < found.worse


def spread_sign_test(better: int, worse: int) -> float:
    """Give the p of the sign test where counts scatter `SPREAD` times more than pairs would.

    As if there were so many fewer pairs: both counts are divided by the square of it.
    """
    scale = SPREAD**2
    return sign_test(round(better / scale), round(worse / scale))


def side_by_side(
    first: NDArray[np.bool_],
    second: NDArray[np.bool_],
    groups: Sequence[str],
    *,
    comparisons: int,
    looks: int,
) -> Comparison:
    """Compare what two models make of the same images: (images,), bool each."""
    return Comparison(
        found=paired.compare(first, second, groups),
        images=len(first),
        comparisons=comparisons,
        looks=looks,
    )


def least_difference(images: float, changed: float, *, comparisons: int, looks: int) -> float:
    """Give the difference of two shares that would have been found, four times of five.

    ``changed``: the share of the images that only one of the two names rightly. ``images``: that
    judge, or groups of them. Few images change, or few judge: then all that change must be better,
    and be as many as the exact test asks for.
    """
    if images <= 0:
        return 1.0
    normal = NormalDist()
    often = normal.inv_cdf(POWER)
    needed = normal.inv_cdf(1 - SURE / (2 * comparisons * looks)) + often
    fewest = _fewest(comparisons * looks)
    usual = SPREAD * needed * sqrt(changed / images)
    return min(1.0, max(usual, (fewest + often * sqrt(fewest)) / images))


def _fewest(tests: int) -> int:
    """Count the images that must change, all to the better, for a claim among so many tests."""
    return next(num for num in count(1) if spread_sign_test(num, 0) * tests < SURE)


def changed_share(comparisons: Sequence[Comparison]) -> float:
    """Give the share of images that only one of two models names rightly, on average."""
    if not comparisons:
        return 0.0
    shares = [(c.found.fixed + c.found.broke) / max(1, c.images) for c in comparisons]
    return sum(shares) / len(shares)
