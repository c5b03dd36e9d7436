"""How far a confidence can be believed: temperature and reliability.

Temperature scaling (Guo et al., ICML 2017) divides logits by one number, fitted on validation
images, and changes no answer. With few images a plain fit hurts, so the logarithm of the
temperature has a prior N(0, 0.25^2), which wins where the images say little.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import by_groups
from core.judging.evaluation.scores import Share, accuracy

Array = NDArray[np.float64]

PRIOR = 0.25  # standard deviation of the logarithm of the temperature
_FURTHEST = 3.0  # of that logarithm
_GOLDEN = (math.sqrt(5) - 1) / 2
_EXACT = 1e-5
_CHANCE = 3.841  # 95 % point of the chi-squared distribution with one degree of freedom
_LEAST = 1e-12  # probability that still counts
_BIN = 20  # images of a bin, at least
_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Images of like confidence, and how many of them are right."""

    confidence: float  # their mean
    right: Share
    images: int


def temperature(logits: NDArray, labels: NDArray) -> float:
    """Fit the temperature: by it the likelihood of the labels times the prior is greatest.

    ``logits``: (images, classes) float, one column for a sigmoid; ``labels``: (images,) int.
    1 without images.
    """
    scores = both(logits)
    own = np.arange(len(labels)), np.asarray(labels, np.int64)

    def cost(logarithm: float) -> float:
        scaled = scores / math.exp(logarithm)
        lost = _log_sums(scaled) - scaled[own]
        return float(lost.sum()) + (logarithm / PRIOR) ** 2 / 2

    return math.exp(_least(cost, -_FURTHEST, _FURTHEST)) if len(labels) else 1.0


def both(logits: NDArray) -> Array:
    """Give logits with a column for each class, also those of one sigmoid: (images, classes)."""
    found = np.asarray(logits, np.float64)
    return np.hstack([np.zeros_like(found), found]) if found.shape[1] == 1 else found


def probabilities(logits: NDArray, temperature: float = 1.0) -> Array:
    """Give the probabilities of all classes: (images, classes) float, two for a sigmoid."""
    scaled = both(logits) / temperature
    found: Array = np.exp(scaled - _log_sums(scaled)[:, None])
    return found


def logits(probabilities: NDArray, temperature: float = 1.0) -> NDArray[np.float32]:
    """Give logits that come to these probabilities at a temperature: (images, classes) float32.

    ``probabilities``: (images, classes) float. Of logits only differences count; those that
    32-bit numbers cannot tell from certainty are as far apart as these can say.
    """
    found = np.log(np.clip(np.asarray(probabilities, np.float64), _LEAST, 1.0)) * temperature
    return np.asarray(found, np.float32)


def is_needed(
    logits: NDArray, labels: NDArray, temperature: float, groups: Sequence[str] = ()
) -> bool:
    """Tell whether images show that a temperature is needed, by more than chance.

    The likelihood-ratio test against 1 (95 %); images of a group are one witness together.
    ``logits``: (images, classes) float; ``labels``: (images,) int.
    """
    if not len(labels):
        return False
    own = np.arange(len(labels)), np.asarray(labels, np.int64)
    gained = [np.log(probabilities(logits, t)[own]).sum() for t in (temperature, 1.0)]
    units = len(np.unique(by_groups.numbers(list(groups)))) if any(groups) else len(labels)
    return bool(2 * (gained[0] - gained[1]) * units / len(labels) > _CHANCE)


def reliability(
    confidence: NDArray, right: NDArray, groups: Sequence[str] = ()
) -> tuple[ReliabilityBin, ...]:
    """Set confidence beside the share of right answers, in bins of as many images each.

    ``confidence``: (images,) float, of the answer; ``right``: (images,) bool. At most 10 bins of at
    least 20 images, the least sure first; none below 20 images.
    """
    number = min(_BINS, len(confidence) // _BIN)
    order = np.argsort(confidence, kind="stable")
    parts = np.array_split(order, number) if number else []
    return tuple(
        ReliabilityBin(
            confidence=float(confidence[part].mean()),
            right=of_right(right[part], [groups[i] for i in part] if any(groups) else ()),
            images=len(part),
        )
        for part in parts
    )


def of_right(right: NDArray, groups: Sequence[str] = ()) -> Share:
    """Give the share that is right, with its interval, by groups where there are any.

    ``right``: (images,) bool; ``groups``: of each image.
    """
    return accuracy(np.ones(len(right), bool), right, groups=list(groups) if any(groups) else None)


def _log_sums(scores: Array) -> Array:
    """Give the logarithm of the sum of the exponentials of each row."""
    highest = scores.max(axis=1)
    found: Array = highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1))
    return found


def _least(cost: Callable[[float], float], low: float, high: float) -> float:
    """Find where a function with one valley is least (golden-section search)."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = cost(left), cost(right)
    while high - low > _EXACT:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = cost(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = cost(right)
    return (low + high) / 2
