"""What it costs to choose between two models by the images that judge the one that is kept.

The score of what is kept is a little too high: where chance made one look better, that one was
kept. How much is found by drawing the images anew from those that there are, applying the same rule
to each draw, and setting the score of what it keeps beside what that scores on all (a bootstrap;
Efron & Tibshirani 1993, chapter 10). docs/decisions/picking.md shows by simulation what it does.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from math import log

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import by_groups
from core.records import Accuracy
from core.records.results import SURE

DRAWS = 1000
_SEED = 12  # the same images, the same answer


def cost(first: NDArray[np.bool_], second: NDArray[np.bool_], groups: Sequence[str] = ()) -> float:
    """Give by how much the score of what `paired.compare` has kept is too high, on average.

    The second is kept unless it is surely worse. ``first``, ``second``: (images,), bool, whether
    each is named rightly. Images of a group are drawn together.
    """
    if not np.any(first != second):
        return 0.0
    kinds, counts = np.unique(_units(first, second, groups), axis=0, return_counts=True)
    rng = np.random.default_rng(_SEED)
    draws = rng.multinomial(counts.sum(), counts / counts.sum(), DRAWS)
    shares = _shares(draws, kinds)
    truth = _shares(counts[None], kinds)[0]
    first_is_kept = _is_worse(draws, kinds).astype(int)
    too_high = np.where(first_is_kept, *(shares - truth).T)
    return max(0.0, float(too_high.mean()))


def widened(score: Accuracy, picked: float) -> Accuracy:
    """Give a score with its lower bound moved down by what picking adds to the score itself."""
    return replace(score, low=max(0.0, score.low - picked))


def _units(
    first: NDArray[np.bool_], second: NDArray[np.bool_], groups: Sequence[str]
) -> NDArray[np.int64]:
    """Count of each group: images, right by the first, the second, fixed, broken: (groups, 5)."""
    units = by_groups.numbers(list(groups) or [""] * len(first))
    columns = (np.ones_like(first), first, second, second & ~first, first & ~second)
    counted = [np.bincount(units, weights=column) for column in columns]
    return np.stack(counted, axis=1).astype(np.int64)


def _shares(draws: NDArray[np.int64], kinds: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give what each model scores in each draw: (draws, 2)."""
    totals = draws @ kinds[:, :3]
    return totals[:, 1:] / totals[:, :1]


def _is_worse(draws: NDArray[np.int64], kinds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell of each draw what `Paired.is_worse` would."""
    net = kinds[:, 3] - kinds[:, 4]
    better, worse = draws[:, net > 0].sum(axis=1), draws[:, net < 0].sum(axis=1)
    fixed, broke = (draws @ kinds[:, 3:]).T
    pairs = better + worse
    return (worse >= _least(int(pairs.max()).bit_length())[pairs]) & (broke > fixed)


@cache
def _least(bits: int) -> NDArray[np.int64]:
    """Give for 0, 1, ... uneven pairs, up to 2 ** ``bits``, how many on one side are no chance."""
    most = 2**bits
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])  # of factorials
    found = np.arange(1, most + 2)  # more than there are
    for pairs in range(1, most + 1):
        chances = np.exp(logs[pairs] - logs[: pairs + 1] - logs[pairs::-1] - pairs * log(2))
        tails = 2 * np.cumsum(chances[::-1])[::-1]
        found[pairs] = pairs + 1 if tails[-1] >= SURE else int(np.argmax(tails < SURE))
    return found
