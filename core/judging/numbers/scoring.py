"""How near numbers are: R², mean absolute error, their intervals, and what they have to beat.

Intervals are 95 %, by drawing groups of images anew (a bootstrap; Efron & Tibshirani 1993), wider
where groups are few: images of a group are drawn together, one that stands alone is its own group.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import by_groups
from core.judging.numbers.written import WORST_R2
from core.judging.statistics import Z95, sign_test, student
from core.records import NumberScore, Paired

Array = NDArray[np.float64]

DRAWS = 2000
_SEED = 5  # the same images, the same answer
_LEAST = 2  # groups, to draw from
_LEAST_R2 = 5  # of them, so that those drawn differ
_ONE = 16  # times the only error, the mean error may be: 19 times in 20, of normal ones
_FEW = 10  # of them, to tell a slope


def score(
    true: NDArray,
    said: NDArray,
    groups: Sequence[str],
    *,
    mean: float,
    nearest: NDArray | None = None,
) -> NumberScore:
    """Judge numbers that a model says. ``true``, ``said``, ``nearest``: (images,) float.

    ``mean``: of the training images, as somebody would say who never looks at a picture;
    ``nearest``: the numbers of the most similar training pictures.
    """
    true, said = np.asarray(true, np.float64), np.asarray(said, np.float64)
    units = by_groups.numbers(list(groups))
    errors = np.abs(said - true)
    always = np.abs(true - mean)
    r2_low, r2_high, mae_low, mae_high, rmse_low, rmse_high = _intervals(true, said, units)
    beside = None if nearest is None else np.abs(np.asarray(nearest, np.float64) - true)
    return NumberScore(
        images=len(true),
        r2=r_squared(true, said),
        r2_low=r2_low,
        r2_high=r2_high,
        mae=float(errors.mean()),
        mae_low=mae_low,
        mae_high=mae_high,
        rmse=float(np.sqrt((errors**2).mean())),
        rmse_range=(rmse_low, rmse_high),
        mean_mae=float(always.mean()),
        nearest_mae=None if beside is None else float(beside.mean()),
        p_mean=_chance(always, errors, groups),
        p_nearest=None if beside is None else _chance(beside, errors, groups),
    )


def _chance(first: Array, second: Array, groups: Sequence[str]) -> float:
    """Give the chance of so many signs; 1 where most images and the mean error disagree."""
    found, gain = nearer(first, second, groups), float((first - second).mean())
    return found.p if (found.better - found.worse) * gain > 0 else 1.0


def r_squared(true: NDArray, said: NDArray) -> float:
    """Give the share of the spread that is explained, as scikit-learn does; 0 without a spread.

    ``true``, ``said``: (images,), float.
    """
    spread = float(((true - np.mean(true)) ** 2).sum())
    left = float(((true - said) ** 2).sum())
    return max(WORST_R2, 1 - left / spread) if spread > 0 else 0.0


def nearer(first: NDArray, second: NDArray, groups: Sequence[str] = ()) -> Paired:
    """Compare the errors of two models on the same images: (images,) float, not below 0.

    Exact and two-sided, by signs: each group counts once, for the model whose mean error on it is
    less.
    """
    gains = np.asarray(first, np.float64) - np.asarray(second, np.float64)
    units = by_groups.numbers(list(groups) or [""] * len(gains))
    net = np.bincount(units, weights=gains) if len(units) else gains
    better, worse = int((net > 0).sum()), int((net < 0).sum())
    return Paired(
        fixed=int((gains > 0).sum()),
        broke=int((gains < 0).sum()),
        better=better,
        worse=worse,
        p=sign_test(better, worse),
    )


def change(
    true: NDArray, first: NDArray, second: NDArray, groups: Sequence[str]
) -> tuple[float, float, float]:
    """Give by how much the mean absolute error of a second model is less, and its interval.

    ``true``, ``first``, ``second``: (images,), float.
    """
    gains = np.abs(first - true) - np.abs(second - true)
    units = by_groups.numbers(list(groups))
    totals, counts = np.bincount(units, weights=gains), np.bincount(units)
    if len(counts) < _LEAST:
        return float(gains.mean()), -np.inf, np.inf
    drawn = _draws(len(counts))
    mean = float(gains.mean())
    low, high = _bounds((drawn @ totals) / (drawn @ counts), mean, len(counts))
    return mean, low, high


def leaning(
    true: NDArray, said: NDArray, groups: Sequence[str]
) -> tuple[float, float, float] | None:
    """Give by how much answers grow less than the truth, as a slope of the errors; its interval.

    None of few images, or without a spread. ``true``, ``said``: (images,), float.
    """
    units = by_groups.numbers(list(groups))
    shifted, errors = true - np.mean(true), said - true
    if len(set(units.tolist())) < _FEW or not shifted.any():
        return None
    columns = (np.ones_like(shifted), shifted, shifted**2, errors, errors * shifted)
    sums = np.stack([np.bincount(units, weights=column) for column in columns], axis=1)
    slopes = []
    for drawn in (np.ones((1, len(sums)), np.int64), _draws(len(sums))):
        num, across, squares, up, both = (drawn @ sums).T
        spread = squares - across**2 / num
        there = spread > 1e-12 * float((shifted**2).sum())
        slopes.append(((both - across * up / num)[there]) / spread[there])
    slope = float(slopes[0][0])
    return slope, *_bounds(slopes[1], slope, len(sums))


def _draws(number: int) -> NDArray[np.int64]:
    """Draw so many groups anew, again and again: how often each comes, (draws, groups)."""
    rng = np.random.default_rng(_SEED)
    return rng.multinomial(number, np.full(number, 1 / number), DRAWS)


def _intervals(true: Array, said: Array, units: NDArray) -> tuple[float, ...]:
    """Give the intervals of R², of the mean absolute error, and of the root of the mean square."""
    errors = said - true
    shifted = true - true.mean()  # of large numbers no digit is lost
    columns = (np.ones_like(true), shifted, shifted**2, errors**2, np.abs(errors))
    sums = np.stack([np.bincount(units, weights=column) for column in columns], axis=1)
    mae, mse = float(np.abs(errors).mean()), float((errors**2).mean())
    if len(sums) < _LEAST:
        return WORST_R2, 1.0, 0.0, _ONE * mae, 0.0, _ONE * float(np.sqrt(mse))
    num, total, squares, left, absolute = (_draws(len(sums)) @ sums).T
    spread = squares - total**2 / num
    there = spread > 1e-12 * max(float((shifted**2).sum()), 1e-300)
    known = len(sums) >= _LEAST_R2 and there.any()
    r2 = 1 - left[there] / spread[there] if known else np.array([WORST_R2, 1.0])
    low, high = np.quantile(np.maximum(WORST_R2, r2), (0, 1))
    if known:
        low, high = _bounds(np.maximum(WORST_R2, r2), r_squared(true, said), len(sums))
    off = _bounds(absolute / num, mae, len(sums))
    squared = np.sqrt(np.maximum(_bounds(left / num, mse, len(sums)), 0)).tolist()
    squared[1] = max(squared[1], off[1])  # it is never less than the mean absolute error
    return max(WORST_R2, low), min(1.0, high), max(0.0, off[0]), off[1], *squared


def _bounds(drawn: Array, found: float, number: int) -> tuple[float, float]:
    """Give a 95 % interval from what was drawn, as wide as few groups make it.

    Means drawn anew of few vary too little, by the share that Student's t and Bessel's correction
    tell (Hesterberg 2015).
    """
    low, high = np.quantile(drawn, (0.025, 0.975))
    wider = student(Z95, number - 1) / Z95 * sqrt(number / (number - 1))
    return found - (found - float(low)) * wider, found + (float(high) - found) * wider
