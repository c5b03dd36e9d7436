"""Whether a class is seen at the border of its pictures, all around or in one place.

The border is a ring an eighth of each side wide. A frame, a date or a background gives a class away
there; things that are photographed lie in the middle. A small mark puts little heat into the ring,
but always in the same place and not in those that mirror it: left and right, above and below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, comb

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import by_groups
from core.judging.statistics import sign_test

RING = 1 / 8  # of a side
EVEN = 1 - (1 - 2 * RING) ** 2  # share of even heat in the ring
MARGIN = 1.25  # times that: what is less may be how the network pads its maps
MARK = 2.0  # times the even heat of a place: what is less may be that too


@dataclass(frozen=True, slots=True, kw_only=True)
class HotPlace:
    """A place of the border that is hotter than those that mirror it."""

    row: int
    column: int
    pictures: int  # in which it is
    p: float  # how often chance alone would make it so many, in any of the places of the border


def share(heat: NDArray) -> float:
    """Give the share of heat (rows, columns) float that lies in the ring; below zero is none."""
    hot = np.maximum(np.asarray(heat, np.float64), 0)
    inner = _inner(hot.shape[0]) @ hot @ _inner(hot.shape[1])
    return float(1 - inner / hot.sum()) if hot.sum() > 0 else EVEN


def _inner(places: int) -> NDArray[np.float64]:
    """Give which share of each of so many places lies inside the ring, along one side."""
    edges = np.clip(np.linspace(0, 1, places + 1), RING, 1 - RING)
    return np.asarray(np.diff(edges) * places)


def sure(shares: Sequence[float], groups: Sequence[str] = ()) -> tuple[int, float]:
    """Count the pictures with clearly more at the border; and how often chance makes it so many.

    A sign test of "at least a quarter more than even heat" against "less". Pictures of a group are
    no independent witnesses: each counts once, for the side of most of its pictures.
    """
    signs = np.where(np.asarray(shares, np.float64) > MARGIN * EVEN, 1, -1)
    units = by_groups.numbers(list(groups) or [""] * len(signs))
    net = np.bincount(units, weights=signs) if len(units) else signs
    more, fewer = int((net > 0).sum()), int((net < 0).sum())
    return int((signs > 0).sum()), sign_test(more, fewer) if more > fewer else 1.0


def mark(maps: NDArray, groups: Sequence[str] = ()) -> HotPlace | None:
    """Find the place of the border that is hotter than its mirror places in the most pictures.

    Only those count that have clearly more than even heat on average; None: there is none.
    ``maps``: (pictures, rows, columns) float, the heat of one class; below zero is none.
    """
    hot = np.maximum(np.asarray(maps, np.float64), 0)
    hot /= np.maximum(hot.sum(axis=(1, 2), keepdims=True), 1e-12)
    rows, columns = hot.shape[1:]
    places = _border(rows, columns)
    mean = hot.mean(axis=0) * rows * columns
    units = by_groups.numbers(list(groups) or [""] * len(hot))
    found = [_hot_place(hot, place, units, len(places)) for place in places if mean[place] >= MARK]
    return min(found, key=lambda one: (one.p, -mean[one.row, one.column]), default=None)


def _border(rows: int, columns: int) -> list[tuple[int, int]]:
    """List the places of a map that lie in the ring, at least in part."""
    high, wide = ceil(rows * RING), ceil(columns * RING)
    return [
        (row, column)
        for row in range(rows)
        for column in range(columns)
        if not (high <= row < rows - high and wide <= column < columns - wide)
    ]


def _hot_place(
    hot: NDArray, place: tuple[int, int], units: NDArray[np.int64], places: int
) -> HotPlace:
    """Count the pictures in which a place is hotter than all of its mirror places."""
    row, column = place
    other_row, other_column = hot.shape[1] - 1 - row, hot.shape[2] - 1 - column
    mirrors = {(other_row, column), (row, other_column), (other_row, other_column)} - {place}
    if not mirrors:
        return HotPlace(row=row, column=column, pictures=0, p=1.0)
    hottest = np.max([hot[:, r, c] for r, c in mirrors], axis=0)
    wins = hot[:, row, column] > hottest
    won = np.bincount(units, wins) > np.bincount(units) / 2  # a group counts once
    p = _at_least(int(won.sum()), len(won))
    return HotPlace(row=row, column=column, pictures=int(wins.sum()), p=min(1.0, p * places))


def _at_least(hits: int, trials: int) -> float:
    """Give how often at least so many of even chances come out (binomial).

    Of four places one is the hottest in a quarter, but all above may be hotter than all below.
    """
    return sum(comb(trials, k) for k in range(hits, trials + 1)) / 2**trials
