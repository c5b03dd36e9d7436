"""The images on a run's map: which ones, and what the model makes of them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.records import ImageRecord, Split
from core.run_folder import RunFolder
from core.run_results import pooled, predictions
from core.run_results.embedding_map import EmbeddingMap
from core.run_results.pooled import PooledFeatures
from core.run_results.predictions import PartPredictions

MOST = 10_000  # images: a minute and a half, and what a browser still moves
_METHOD = b"t-SNE 1"  # other positions would come of another way


@dataclass(frozen=True, kw_only=True, eq=False)
class MapPoints:
    """The images of a map before they are placed."""

    contents: tuple[str, ...]
    parts: tuple[Split, ...]
    labels: NDArray[np.int32]  # (images,)
    directions: NDArray[np.float32]  # (images, channels), of unit length
    source: str  # what names these features


def gather(folder: RunFolder) -> MapPoints | None:
    """Take the validation and training images of a run, and those of its opened test part.

    Of more than `MOST`, every class keeps its share, training images last. None where the run left
    no features.
    """
    found, test = pooled.read(folder), _of_test(folder)
    if found is None:
        return None
    of_parts = {
        Split.VALIDATION: found.of(Split.VALIDATION),
        **({Split.TEST: test} if test is not None else {}),
        Split.TRAIN: found.of(Split.TRAIN),
    }
    room, kept = MOST, dict[Split, tuple[PooledFeatures, NDArray[np.int64]]]()
    for part, features in of_parts.items():
        rows = pooled.sample(features.labels.tolist(), features.contents, most=room)
        kept[part], room = (features, rows), room - len(rows)
    return MapPoints(
        contents=tuple(f.contents[row] for f, rows in kept.values() for row in rows.tolist()),
        parts=tuple(part for part, (_, rows) in kept.items() for _ in rows),
        labels=np.concatenate([f.labels[rows] for f, rows in kept.values()]),
        directions=np.concatenate([f.directions[rows] for f, rows in kept.values()]),
        source=_named(found, test),
    )


def count(folder: RunFolder) -> int:
    """Count the images that a map would have; 0: the run left no features."""
    found, test = pooled.read(folder), _of_test(folder)
    known = 0 if found is None else len(found.contents) + len(test.contents if test else ())
    return min(known, MOST)


def source_of(folder: RunFolder) -> str:
    """Name the features that a map would be made from now; empty: there are none."""
    found = pooled.read(folder)
    return "" if found is None else _named(found, _of_test(folder))


def _of_test(folder: RunFolder) -> PooledFeatures | None:
    """Give those of the test part, where it was opened for this run."""
    return pooled.read(folder, test=True) if folder.test.exists() else None


def _named(found: PooledFeatures, test: PooledFeatures | None) -> str:
    digest = hashlib.sha256(_METHOD)
    for one in (found, test):
        if one is not None:
            digest.update("\n".join(one.contents).encode())
            for array in (one.labels, one.learned, one.features):
                digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def answers_of(folder: RunFolder) -> dict[Split, PartPredictions]:
    """Read what the model says of the parts that it did not learn from."""
    parts = [Split.VALIDATION, *([Split.TEST] if folder.test.exists() else [])]
    found = {part: predictions.read(folder, part) for part in parts}
    return {part: answers for part, answers in found.items() if answers is not None}


def rows_of(
    found: EmbeddingMap, answers: Mapping[Split, PartPredictions]
) -> tuple[int | None, ...]:
    """Give the number of each image among the answers to its part; None where there is none."""
    known = {
        (part, content, label): row
        for part, one in answers.items()
        for row, (content, label) in enumerate(zip(one.contents, one.labels.tolist(), strict=True))
    }
    return tuple(known.get(key) for key in _keys(found))


def records_of(
    found: EmbeddingMap, labels: Sequence[str], images: Iterable[ImageRecord]
) -> tuple[ImageRecord | None, ...]:
    """Find the images themselves in the version that the run learned from.

    The same pixels may have come in several files: each point takes another of them.
    """
    known = dict[tuple[str, str, bool], list[ImageRecord]]()
    for image in images:
        key = image.content, image.label, image.split is Split.TEST
        known.setdefault(key, []).append(image)
    return tuple(
        _next(known.get((content, labels[label], part is Split.TEST), []))
        for part, content, label in _keys(found)
    )


def _next(same: list[ImageRecord]) -> ImageRecord | None:
    return same.pop(0) if len(same) > 1 else next(iter(same), None)


def _keys(found: EmbeddingMap) -> Iterator[tuple[Split, str, int]]:
    return zip(found.parts, found.contents, found.labels.tolist(), strict=True)
