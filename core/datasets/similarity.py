"""Which pictures look alike: by what was measured when they came in, and by features.

How near two pictures have to be depends on their surroundings: a copy is much nearer than other
pictures of the same data set are (the idea of the ratio test in Lowe, IJCV 2004, section 7.1). A
fixed limit finds half of the copies of satellite tiles and calls two handwritten ones a copy; see
docs/decisions/near-duplicates.md.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

HASH_BYTES = 8  # of a signature; an 8 x 8 picture in colour follows
MAX_BITS = 14  # of 64 in which the perceptual hashes of near-duplicates differ
MIN_CONTRAST = 2.0  # grey levels; the noise of almost blank pictures says nothing
NEIGHBOUR = 8  # whose distance says what is usual around a picture: more copies are rare
SHARE = 0.3  # of that distance, within which a picture is a copy
SURE, FARTHEST = 0.06, 0.25  # such a distance is a copy in any surroundings, or in none
FEW = 0.15  # is near where there are too few pictures to tell what is usual
MAX_ANGLE = 0.2  # between features of near-duplicates: a cosine of 0.98
_ROWS = 512  # compared with all others at a time


def near_pairs(signatures: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Link indices of pictures that look the same after small changes, no group twice.

    Perceptual hashes (DCT, 64 bits) within 14 bits, and 8 x 8 colour pictures that are near in
    their surroundings, whatever their brightness and contrast.
    """
    if len(signatures) < 2:
        return
    raw = np.array([list(bytes.fromhex(text)) for text in signatures], dtype=np.uint8)
    tiny = raw[:, HASH_BYTES:].astype(np.float32)
    telling = contrast(tiny) >= MIN_CONTRAST
    first: dict[str, int] = {}
    for index in np.flatnonzero(telling).tolist():
        if (twin := first.setdefault(signatures[index], index)) != index:
            yield twin, index
    indices = list(first.values())
    hashes = np.ascontiguousarray(raw[indices, :HASH_BYTES]).view(np.uint64).ravel()
    rows = _unit(tiny[indices] - tiny[indices].mean(axis=1, keepdims=True))
    for one, other in _links(rows, _reach(rows, least=SURE, most=FARTHEST), hashes):
        yield indices[one], indices[other]


def close_pairs(
    contents: Sequence[str], vectors: Mapping[str, np.ndarray]
) -> Iterator[tuple[int, int]]:
    """Link indices whose features point almost the same way, seen from their surroundings.

    ``vectors``: by content, (features,) float each.
    """
    first: dict[str, int] = {}
    for index, content in enumerate(contents):
        if content in vectors:
            first.setdefault(content, index)
    if len(first) < 2:
        return
    indices = list(first.values())
    rows = _unit(np.stack([vectors[content] for content in first]).astype(np.float32))
    for one, other in _links(rows, _reach(rows, least=0.0, most=MAX_ANGLE)):
        yield indices[one], indices[other]


def contrast(tiny: np.ndarray) -> np.ndarray:
    """Give the standard deviation within each colour of tiny pictures, one a row.

    ``tiny``: (images, 8, 8, 3) float in 0..255; gives (images,) float in the same unit.
    """
    return tiny.reshape(len(tiny), -1, 3).std(axis=1).mean(axis=1)


def _unit(rows: np.ndarray) -> np.ndarray:
    """Bring rows to length one."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _apart(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Give the distances between rows of length one."""
    return np.sqrt(np.maximum(2 - 2 * (some @ others.T), 0))


def _reach(rows: np.ndarray, *, least: float, most: float) -> np.ndarray:
    """Give for each row how near a copy of it is: a share of how far its eighth neighbour is."""
    if len(rows) <= NEIGHBOUR:
        return np.full(len(rows), min(FEW, most), np.float32)
    usual = [
        np.partition(_apart(rows[start : start + _ROWS], rows), NEIGHBOUR, axis=1)[:, NEIGHBOUR]
        for start in range(0, len(rows), _ROWS)  # the first of all is the row itself
    ]
    return np.clip(SHARE * np.concatenate(usual), least, most)


def _links(
    rows: np.ndarray, reach: np.ndarray, hashes: np.ndarray | None = None
) -> Iterator[tuple[int, int]]:
    """Link rows that are within the reach of each other, and whose hashes agree."""
    groups = _Groups(len(rows))
    for start in range(0, len(rows), _ROWS):
        apart = _apart(rows[start : start + _ROWS], rows[start:])
        near = apart <= np.minimum(reach[start : start + _ROWS, None], reach[start:])
        for row, found in enumerate(near):
            index = start + row
            others = groups.unlinked(index, np.flatnonzero(found[row + 1 :]) + index + 1)
            if hashes is not None:
                others = others[np.bitwise_count(hashes[others] ^ hashes[index]) <= MAX_BITS]
            yield from groups.link(index, others)


class _Groups:
    """Which indices are linked already, so that a thousand like frames give a thousand links."""

    def __init__(self, count: int) -> None:
        self._group = np.arange(count)

    def unlinked(self, index: int, others: np.ndarray) -> np.ndarray:
        return others[self._group[others] != self._group[index]]

    def link(self, index: int, others: np.ndarray) -> list[tuple[int, int]]:
        if len(others):
            self._group[np.isin(self._group, self._group[others])] = self._group[index]
        return [(index, other) for other in others.tolist()]
