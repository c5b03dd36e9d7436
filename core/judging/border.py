"""Whether a class is seen at the border of its pictures more than even heat would be there.

The border is a ring an eighth of each side wide. A frame, a date or a background gives a class away
there; things that are photographed lie in the middle.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import by_groups
from core.judging.statistics import sign_test

RING = 1 / 8  # of a side
EVEN = 1 - (1 - 2 * RING) ** 2  # share of even heat in the ring
MARGIN = 1.25  # times that: what is less may be how the network pads its maps


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
