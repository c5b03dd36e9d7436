"""How accuracy grows with the number of images, and what twice as many may come to.

Errors are taken to fall as a power of the number of images, down to a floor: `a + g (n / last)^-c`
(Hestness et al. 2017). Five points say little of floor and exponent, so that none is chosen: the
band is that of all floors, exponents and heights, each weighed by how well it fits (Bayes, flat
priors on a grid). What chance does to the points, which share images, comes from resampling these.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import by_groups, gains, scores
from core.judging.evaluation.comparing import SPREAD
from core.judging.evaluation.draws import JudgedDraws
from core.records.studies import ClassGain, CurvePoint, LearningCurve

Array = NDArray[np.float64]

FEWEST_IMAGES = 50  # a tenth of four fifths of fewer is a handful
LARGEST_START = 0.5  # of all images: with small classes or large groups no small share is made
FROM = 2  # the share from which the gain of classes is counted: 40 %
_RESAMPLED = 400
_EXPONENTS = np.linspace(0.05, 1.5, 30)
_FLOORS = np.linspace(0.0, 1.0, 41)  # of the last error
_SAMPLES = 4000
_MISFIT = 0.005  # no curve is a power law to the last half point
_WORST = 13.8  # square of the distance in standard errors; chance exceeds it once in a thousand
_SURE = (2.5, 50.0, 97.5)  # per cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What so many images may come to: 95 % band, and by how much that is more."""

    value: float
    low: float
    high: float
    gain_low: float
    gain_high: float


def read(
    judged: JudgedDraws, labels: NDArray, groups: Sequence[str], names: Sequence[str]
) -> LearningCurve:
    """Make a curve of what heads named rightly.

    ``labels``: (images,) int; ``groups``: of each image; ``names``: of the classes.
    """
    points = [
        _point(num, right, groups) for num, right in zip(judged.learned, judged.right, strict=True)
    ]
    last = judged.learned[-1]
    found = prospect(judged, groups, 2 * last)
    return LearningCurve(
        points=tuple(points),
        expected=_expected(found, points[-1], round(2 * last)) if found else None,
        gain_low=found.gain_low if found else 0.0,
        gain_high=found.gain_high if found else 0.0,
        gains=_gains(judged, labels, groups, names),
    )


def _expected(found: Prospect, last: CurvePoint, images: int) -> CurvePoint:
    """Make the point at so many images: below, it is no surer than the last one that was judged."""
    gain = max(0.0, found.value - last.accuracy)
    low = min(found.low, last.low + gain)
    return CurvePoint(images=images, accuracy=found.value, low=low, high=found.high)


def _point(images: float, right: NDArray[np.bool_], groups: Sequence[str]) -> CurvePoint:
    plain = scores.measured(right, groups, largest_class=0)
    share = plain.accuracy
    return CurvePoint(
        images=round(images),
        accuracy=share,
        low=max(0.0, share - SPREAD * (share - plain.low)),
        high=min(1.0, share + SPREAD * (plain.high - share)),
    )


def prospect(judged: JudgedDraws, groups: Sequence[str], images: float) -> Prospect | None:
    """Say what so many images may come to; None where the points follow no such law."""
    errors, spread = _errors(judged, groups)
    ratios = judged.learned / judged.learned[-1]
    floors, exponents = (
        grid.ravel() for grid in np.meshgrid(_FLOORS * errors[-1], _EXPONENTS, indexing="ij")
    )
    inverse = np.asarray(np.linalg.inv(spread), np.float64)
    shapes = np.asarray(ratios ** -exponents[:, None], np.float64)  # (laws, points)
    heights, sures, squares = _heights(errors - floors[:, None], shapes, inverse)
    if squares.min() > _WORST:
        return None
    rng = np.random.default_rng(0)
    chances = np.exp(-(squares - squares.min()) / 2) * sures
    chosen = rng.choice(len(floors), _SAMPLES, p=chances / chances.sum())
    drawn = heights[chosen] + sures[chosen] * rng.standard_normal(_SAMPLES)
    drawn = np.where(drawn > 0, drawn, np.abs(drawn))  # errors do not rise
    later = (images / judged.learned[-1]) ** -exponents[chosen]
    scores_then = 1 - np.clip(floors[chosen] + drawn * later, 0, 1)
    rise = drawn * (1 - later)
    low, value, high = np.percentile(scores_then, _SURE)
    gain_low, _, gain_high = np.percentile(rise, _SURE)
    return Prospect(
        value=float(value),
        low=float(low),
        high=float(high),
        gain_low=float(gain_low),
        gain_high=float(gain_high),
    )


def _heights(errors: Array, shapes: Array, inverse: Array) -> tuple[Array, Array, Array]:
    """Fit the height of each law, not below zero: heights, their errors, squared distances.

    ``errors``, ``shapes``: (laws, points); ``inverse``: (points, points), of the covariance.
    """
    weighed = shapes @ inverse
    strength = np.einsum("ij,ij->i", weighed, shapes)
    heights = np.maximum(0.0, np.einsum("ij,ij->i", weighed, errors) / strength)
    left = errors - heights[:, None] * shapes
    squares = np.einsum("ij,jk,ik->i", left, inverse, left)
    return heights, 1 / np.sqrt(strength), squares


def _errors(judged: JudgedDraws, groups: Sequence[str]) -> tuple[Array, Array]:
    """Give the share of wrong answers at each point, and how these scatter together.

    (points,), (points, points). Images are resampled, groups as one; draws add what the scores of
    their folds differ by beyond that.
    """
    wrong = ~judged.right  # (points, images)
    num = wrong.shape[1]
    errors = (wrong.sum(axis=1) + 0.5) / (num + 1)
    units = by_groups.numbers(list(groups) or [""] * num)
    sums = np.stack([np.bincount(units, weights=row) for row in wrong])
    sizes = np.bincount(units)
    rng = np.random.default_rng(0)
    taken = rng.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), _RESAMPLED)
    resampled = (taken @ sums.T) / (taken @ sizes)[:, None]
    spread = SPREAD**2 * np.cov(resampled, rowvar=False)
    least = errors * (1 - errors) / num  # also where nobody was wrong
    return errors, spread + np.diag(0.1 * least + _MISFIT**2)


def _gains(
    judged: JudgedDraws, labels: NDArray, groups: Sequence[str], names: Sequence[str]
) -> tuple[ClassGain, ...]:
    """Give by how much each class gains from the middle of the curve to its end."""
    present = [number for number in range(len(names)) if (labels == number).any()]
    found = []
    for number in present:
        own = np.flatnonzero(labels == number).tolist()
        gain = gains.measure(
            judged.right[FROM][own],
            judged.right[-1][own],
            [groups[i] for i in own],
            comparisons=len(present),
        )
        found.append(ClassGain(label=names[number], gain=gain.value, low=gain.low, high=gain.high))
    return tuple(found)
