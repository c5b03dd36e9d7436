"""How sure a share is where images come in groups: bursts, sites, patients.

Images of a group are right or wrong together, so that a hundred of one site say little more than
one. Each group is left out in turn (the jackknife; Shao & Wu 1989): how far the share moves gives
its variance, that variance the number of images that would be as sure if each stood alone (the
design effect; Kish 1965), and that number the score interval, with Student's quantile of the
groups. docs/decisions/groups.md has the coverage.
"""

from collections.abc import Sequence
from math import pi, sqrt, tan
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from core.judging.statistics import score_interval

Array = NDArray[np.float64]


def numbers(groups: NDArray | list[str]) -> NDArray[np.int64]:
    """Number the groups of images: (images,) int64; an image without one is a group of its own."""
    alone = (f"\0{number}" if not group else str(group) for number, group in enumerate(groups))
    return np.unique(list(alone), return_inverse=True)[1].astype(np.int64)


def interval(share: float, without: NDArray, images: float) -> tuple[float, float]:
    """Give the 95 % interval of a share of so many images.

    ``without``: (groups,) float, the share with each group left out; those for which there is none
    are not numbers. (0, 1) where fewer than two groups can be left out.
    """
    left = np.asarray(without, np.float64)
    left = left[np.isfinite(left)]
    if len(left) < 2 or not np.isfinite(share):
        return 0.0, 1.0
    variance = (len(left) - 1) / len(left) * float(((left - left.mean()) ** 2).sum())
    spread = share * (1 - share)
    sure = spread / variance if variance > 0 else float(len(left))
    return score_interval(share, min(sure, images), student(len(left) - 1))


def widest(share: float, groups: Sequence[str]) -> tuple[float, float]:
    """Give the 95 % interval of a share where only the groups are known, not who was right.

    As if the images of a group were always right or wrong together.
    """
    num = len(set(numbers(list(groups)).tolist()))
    return score_interval(share, num, student(num - 1)) if num > 1 else (0.0, 1.0)


def student(freedom: int, comparisons: int = 1) -> float:
    """Give the 97.5 % point of Student's distribution with so many degrees of freedom, from 1.

    Exact for 1 and 2; else the expansion of Abramowitz & Stegun, 26.7.5, within 0.2 %. Further out
    for several ``comparisons``, so that all their intervals hold together (Bonferroni).
    """
    outside = 0.05 / comparisons
    if freedom == 1:
        return 1 / tan(pi * outside / 2)
    if freedom == 2:
        return (1 - outside) * sqrt(2 / (1 - (1 - outside) ** 2))
    z = NormalDist().inv_cdf(1 - outside / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))
