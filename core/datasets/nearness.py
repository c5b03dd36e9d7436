"""Which of many rows are much nearer to each other than their surroundings are, in flat memory.

To compare each of 100,000 pictures with all others, and to sort the distances, takes longer than to
decode them. Two bounds leave few pairs of which all is computed: distances between projections are
never larger than those between rows, and the eighth neighbour in a sample is never nearer than the
one among all.
"""

from collections.abc import Callable, Iterator

import numpy as np

NEIGHBOUR = 8  # whose distance says what is usual around a picture: more copies are rare
SHARE = 0.3  # of that distance, within which a picture is a copy
FEW = 0.15  # is near where there are too few pictures to tell what is usual
SAMPLE = 4096  # rows in which the surroundings are looked at first
_DIRECTIONS, _ROUNDS = 32, 4  # of the projection; of the power iteration that finds it
_ROWS, _COLUMNS = 256, 8192  # compared at a time: what fits near the processor
_PAIRS = 16_384  # of which all is computed at a time
_SLACK = 1e-4  # of squared distances, which cancellation in float32 may take
Agree = Callable[[np.ndarray, np.ndarray], np.ndarray]  # of two arrays of indices, pair by pair


def pairs_within_reach(
    rows: np.ndarray, *, least: float, most: float, agree: Agree, sample: int = SAMPLE
) -> Iterator[tuple[int, int]]:
    """Link rows that are within the reach of each other and agree; what is sure, no group twice.

    The reach of a row is `SHARE` of how far its eighth neighbour is, from ``least`` to ``most``.
    ``rows``: (rows, features) float32 of length one.
    """
    if len(rows) < 2:
        return
    if len(rows) <= NEIGHBOUR:
        least = most = min(FEW, most)
    everyone = np.arange(len(rows))
    reach = _reach(rows, everyone, rows[:: _step(len(rows), sample)], least, most)
    open_: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    groups = _Groups(len(rows))
    for one, other in _candidates(rows, reach):
        fresh = groups.labels[one] != groups.labels[other]
        one, other = np.minimum(one, other)[fresh], np.maximum(one, other)[fresh]
        apart = _apart(rows, one, other)
        near = (apart <= np.minimum(reach[one], reach[other])) & agree(one, other)
        sure = near & (apart <= least)
        for pair in zip(one[sure].tolist(), other[sure].tolist(), strict=True):
            if groups.link(*pair):
                yield pair
        left = near & ~sure
        open_.append((one[left], other[left], apart[left]))
    if open_:
        one, other, apart = (np.concatenate(parts) for parts in zip(*open_, strict=True))
        yield from _settled(rows, one, other, apart, least, most, sample)


def _settled(
    rows: np.ndarray,
    one: np.ndarray,
    other: np.ndarray,
    apart: np.ndarray,
    least: float,
    most: float,
    sample: int,
) -> Iterator[tuple[int, int]]:
    """Give the pairs within reach by larger and larger samples, and by all rows at last."""
    step = _step(len(rows), sample)
    reach = np.zeros(len(rows), np.float32)
    while step > 1 and len(one):
        step = max(1, step // 4)
        concerned = np.unique(np.concatenate([one, other]))
        reach[concerned] = _reach(rows, concerned, rows[::step], least, most)
        near = apart <= np.minimum(reach[one], reach[other])
        one, other, apart = one[near], other[near], apart[near]
    yield from zip(one.tolist(), other.tolist(), strict=True)


def _step(num: int, sample: int) -> int:
    return max(1, num // sample)


def _reach(
    rows: np.ndarray, some: np.ndarray, others: np.ndarray, least: float, most: float
) -> np.ndarray:
    """Give how near a copy of some rows is, or may be at most where ``others`` are a sample.

    In a sample without the row itself, the ninth stands for the eighth: never too near.
    """
    if len(others) <= NEIGHBOUR:
        return np.full(len(some), most, np.float32)
    found = np.empty(len(some), np.float32)
    size = max(1, _ROWS * _COLUMNS // len(others))
    for start in range(0, len(some), size):
        alike = rows[some[start : start + size]] @ others.T
        place = alike.shape[1] - 1 - NEIGHBOUR  # the most alike of all is the row itself
        found[start : start + size] = np.partition(alike, place, axis=1)[:, place]
    return np.clip(SHARE * np.sqrt(np.maximum(2 - 2 * found, 0)), least, most)


def _candidates(rows: np.ndarray, reach: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give pairs of which the projections are within reach, some thousand at a time."""
    short = rows @ _directions(rows)
    order = np.argsort(short[:, 0], kind="stable")
    short, limit = short[order], reach[order] ** 2 + _SLACK
    squares = (short**2).sum(axis=1, keepdims=True)
    left = np.hstack([-2 * short, squares, np.ones_like(squares)])
    right = np.hstack([short, np.ones_like(squares), squares])
    for start in range(0, len(rows), _ROWS):
        block = slice(start, start + _ROWS)
        farthest = short[block][-1, 0] + float(np.sqrt(limit[block].max()))
        stop = int(np.searchsorted(short[:, 0], farthest, side="right"))
        for first in range(start, stop, _COLUMNS):
            squared = left[block] @ right[first : min(first + _COLUMNS, stop)].T
            one, other = np.nonzero(squared <= limit[block, None])
            one, other = one + start, other + first
            later = other > one
            one, other = order[one[later]], order[other[later]]
            for part in range(0, len(one), _PAIRS):
                yield one[part : part + _PAIRS], other[part : part + _PAIRS]


def _directions(rows: np.ndarray) -> np.ndarray:
    """Give the directions in which rows differ most, of a sample: (features, directions)."""
    some = rows[:: _step(len(rows), SAMPLE)]
    centred = some - some.mean(axis=0)
    shape = (rows.shape[1], min(_DIRECTIONS, rows.shape[1]))
    found = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    for _ in range(_ROUNDS):
        found = np.linalg.qr(centred.T @ (centred @ found))[0]
    return found


def _apart(rows: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Give the distances of pairs of rows of length one."""
    return np.sqrt(np.maximum(2 - 2 * np.einsum("ij,ij->i", rows[one], rows[other]), 0))


class _Groups:
    """Which indices are linked, so that a thousand like frames give a thousand links."""

    def __init__(self, count: int) -> None:
        self.labels = np.arange(count)
        self._members: dict[int, list[int]] = {}

    def link(self, one: int, other: int) -> bool:
        """Join the groups of two indices, the smaller into the larger; False: they are one."""
        few, many = sorted(
            (self._of(int(self.labels[one])), self._of(int(self.labels[other]))), key=len
        )
        if few is many:
            return False
        label = int(self.labels[many[0]])
        self._members.pop(int(self.labels[few[0]]), None)
        self.labels[few] = label
        many += few
        self._members[label] = many
        return True

    def _of(self, label: int) -> list[int]:
        return self._members.setdefault(label, [label])
