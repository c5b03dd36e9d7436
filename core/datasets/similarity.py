"""Which pictures look alike: by what was measured when they came in, and by features.

How near two pictures have to be depends on their surroundings: a copy is much nearer than other
pictures of the same data set are (the idea of the ratio test in Lowe, IJCV 2004, section 7.1). A
fixed limit finds half of the copies of satellite tiles and calls two handwritten ones a copy; see
docs/decisions/near-duplicates.md.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from core.datasets.nearness import pairs_within_reach

HASH_BYTES = 8  # of a signature; an 8 x 8 picture in colour follows
MAX_BITS = 14  # of 64 in which the perceptual hashes of near-duplicates differ
MIN_CONTRAST = 2.0  # grey levels; the noise of almost blank pictures says nothing
SURE, FARTHEST = 0.06, 0.25  # such a distance is a copy in any surroundings, or in none
MAX_ANGLE = 0.2  # between features of near-duplicates: a cosine of 0.98
_AT_ONCE = 4096  # pictures, of which numbers of more bytes are made


def near_pairs(signatures: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Link indices of pictures that look the same after small changes, no group twice.

    Perceptual hashes (DCT, 64 bits) within 14 bits, and 8 x 8 colour pictures that are near in
    their surroundings, whatever their brightness and contrast.
    """
    if len(signatures) < 2:
        return
    raw = np.frombuffer(bytes.fromhex("".join(signatures)), np.uint8).reshape(len(signatures), -1)
    telling = contrast(raw[:, HASH_BYTES:]) >= MIN_CONTRAST
    first: dict[str, int] = {}
    for index in np.flatnonzero(telling).tolist():
        if (twin := first.setdefault(signatures[index], index)) != index:
            yield twin, index
    indices = list(first.values())
    hashes = np.ascontiguousarray(raw[indices, :HASH_BYTES]).view(np.uint64).ravel()
    tiny = raw[indices, HASH_BYTES:].astype(np.float32)
    tiny -= tiny.mean(axis=1, keepdims=True)

    def agree(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.bitwise_count(hashes[one] ^ hashes[other]) <= MAX_BITS

    for one, other in pairs_within_reach(_unit(tiny), least=SURE, most=FARTHEST, agree=agree):
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
    rows = _unit(np.stack([vectors[content] for content in first], dtype=np.float32))
    every = np.ones(1, bool)
    for one, other in pairs_within_reach(
        rows, least=0.0, most=MAX_ANGLE, agree=lambda one, other: every
    ):
        yield indices[one], indices[other]


def contrast(tiny: np.ndarray) -> np.ndarray:
    """Give the standard deviation within each colour of tiny pictures, one a row.

    ``tiny``: (images, 8, 8, 3) in 0..255; gives (images,) float32 in the same unit.
    """
    some = np.array_split(tiny.reshape(len(tiny), -1, 3), len(tiny) // _AT_ONCE + 1)
    spreads = [part.astype(np.float32).std(axis=1).mean(axis=1) for part in some]
    return np.concatenate(spreads)


def _unit(rows: np.ndarray) -> np.ndarray:
    """Bring rows to length one, where they are."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))  # without a second array of all
    rows /= np.maximum(lengths, 1e-9)[:, None]
    return rows
