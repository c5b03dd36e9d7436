"""Which images are the same photo, or nearly: by pixels, and by perceptual hash."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.ingest import names

HASH_BYTES = 8  # of a signature; an 8 x 8 picture in colour follows
MAX_DISTANCE = 6  # bits of 64 in which the perceptual hashes of near-duplicates differ
MAX_DIFFERENCE = 0.1  # of their contrast, by which their tiny pictures differ on average
MIN_CONTRAST = 6.0  # grey levels; hashes of almost blank pictures say nothing
_ROWS = 512  # compared with all others at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What one image looks like: 64 bits of perceptual hash and a tiny picture, as hex."""

    content: str
    signature: str


def near_pairs(signatures: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give pairs of places whose pictures look the same after small changes.

    Perceptual hash (DCT, 64 bits) within 6 bits, and 8 x 8 colour pictures that agree up to
    brightness and contrast. On photographs, satellite tiles and digits this finds re-encoded,
    resized and brightened copies, and next to none of the pairs that are merely of one class.
    """
    if len(signatures) < 2:
        return
    raw = np.array([list(bytes.fromhex(text)) for text in signatures], dtype=np.uint8)
    hashes = np.ascontiguousarray(raw[:, :HASH_BYTES]).view(np.uint64).ravel()
    tiny = raw[:, HASH_BYTES:].astype(np.float32)
    telling = tiny.std(axis=1) >= MIN_CONTRAST
    for start in range(0, len(hashes), _ROWS):
        block = hashes[start : start + _ROWS, None] ^ hashes[None, start:]
        rows, columns = np.nonzero(np.bitwise_count(block) <= MAX_DISTANCE)
        rows, columns = rows + start, columns + start
        kept = (rows < columns) & telling[rows] & telling[columns]
        rows, columns = rows[kept], columns[kept]
        alike = _difference(tiny[rows], tiny[columns]) <= MAX_DIFFERENCE
        yield from zip(rows[alike].tolist(), columns[alike].tolist(), strict=True)


def _difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Mean absolute difference, whatever the brightness and the contrast."""
    return np.abs(_standard(first) - _standard(second)).mean(axis=1)


def _standard(tiny: np.ndarray) -> np.ndarray:
    centred = tiny - tiny.mean(axis=1, keepdims=True)
    return centred / np.maximum(centred.std(axis=1, keepdims=True), 1.0)


def bound_groups(
    files: Sequence[str], contents: Sequence[str], signatures: Sequence[str]
) -> list[list[int]]:
    """Group places that must stay on one side of a split: same photo, near-duplicate or burst."""
    links: list[tuple[int, int]] = list(near_pairs(signatures))
    links += _alike(contents)
    links += _alike([_burst_key(file) for file in files])
    return joined(len(files), links)


def _burst_key(file: str) -> str:
    stamp = names.burst(file)
    return f"{file.rsplit('/', 1)[0]}/{stamp}" if stamp else ""


def _alike(keys: Sequence[str]) -> list[tuple[int, int]]:
    """Link each place to the first one with the same key; an empty key is alike to none."""
    first: dict[str, int] = {}
    return [
        (first.setdefault(key, place), place)
        for place, key in enumerate(keys)
        if key and first.setdefault(key, place) != place
    ]


def joined(count: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Join linked places to groups (union-find); places without a link are in none."""
    parent = list(range(count))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for first, second in links:
        low, high = sorted((root(first), root(second)))
        parent[high] = low
    groups: dict[int, list[int]] = defaultdict(list)
    for place in range(count):
        groups[root(place)].append(place)
    return [group for group in groups.values() if len(group) > 1]


def group_names(contents: Sequence[str], groups: Iterable[Sequence[int]]) -> list[str]:
    """Name each group after the smallest content in it; single images have no group."""
    named = [""] * len(contents)
    for group in groups:
        name = min(contents[place] for place in group)[:16]
        for place in group:
            named[place] = name
    return named
