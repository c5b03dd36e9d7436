"""Pooled features of the images that a run was judged on and learned from, by its kept model.

All validation images have them, and up to 2,000 of the training images, of every class its share.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import files
from core.judging.head import unit_lengths
from core.records import Split
from core.run_folder import RunFolder

TASK = "classification"
MOST_TRAINING = 2000  # images
NEAREST = 5
_LARGEST = 65504.0  # that 16 bits hold


@dataclass(frozen=True, kw_only=True, eq=False)
class PooledFeatures:
    """What the backbone makes of images: the global average of its last map."""

    contents: tuple[str, ...]  # names of the images
    labels: NDArray[np.int32]  # (images,), of the classes in the order of the outputs
    groups: tuple[str, ...]  # of each image; empty where it stands alone
    learned: NDArray[np.bool_]  # (images,): the model learned from it; else it is of validation
    features: NDArray[np.floating]  # (images, channels), float16 where that holds them

    def of(self, split: Split) -> "PooledFeatures":
        """Give those of the training or the validation part."""
        rows = np.flatnonzero(self.learned == (split is Split.TRAIN))
        return replace(
            self,
            contents=tuple(self.contents[i] for i in rows),
            groups=tuple(self.groups[i] for i in rows),
            **{name: getattr(self, name)[rows] for name in ("labels", "learned", "features")},
        )

    @cached_property
    def directions(self) -> NDArray[np.float32]:
        """Give the features in unit length: (images, channels)."""
        rows = np.asarray(self.features, np.float32)
        return np.asarray(rows / unit_lengths(rows), np.float32)


def join(first: PooledFeatures, second: PooledFeatures) -> PooledFeatures:
    """Put features of other images behind the first."""
    arrays = ("labels", "learned", "features")
    return PooledFeatures(
        contents=first.contents + second.contents,
        groups=first.groups + second.groups,
        **{name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in arrays},
    )


def sample(labels: Sequence[int], contents: Sequence[str], most: int = MOST_TRAINING) -> NDArray:
    """Choose images, of every class its share, by content: (chosen,) int64, ascending.

    The same images are chosen in whatever order they come.
    """
    ranks = np.zeros(len(labels))
    for number in np.unique(labels):
        own = np.flatnonzero(np.asarray(labels) == number).tolist()
        own.sort(key=lambda i: contents[i])
        ranks[own] = np.arange(len(own)) / len(own)
    order = sorted(range(len(labels)), key=lambda i: (ranks[i], contents[i]))
    return np.sort(np.array(order[:most], np.int64))


def similar(
    learned: PooledFeatures, features: NDArray, *, number: int = NEAREST
) -> list[tuple[tuple[str, float], ...]]:
    """Give to each picture the images nearest to it, by content, each with its cosine.

    ``learned``: of the training images; ``features``: (pictures, channels) float.
    """
    rows = np.asarray(features, np.float32)
    cosines = (rows / unit_lengths(rows)).astype(np.float32) @ learned.directions.T
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :number]
    return [
        tuple((learned.contents[i], float(row[i])) for i in own.tolist())
        for row, own in zip(cosines, nearest, strict=True)
    ]


def file_of(folder: RunFolder, *, test: bool = False) -> Path:
    """Give where the features lie: of training and validation, or of the test part."""
    return folder.test_features if test else folder.features


def write(folder: RunFolder, found: PooledFeatures, *, test: bool = False) -> None:
    """Write the features of a run, or those of its opened test part, whole or not at all."""
    rows = np.nan_to_num(np.asarray(found.features))  # of a network that was destroyed
    is_small = bool(np.abs(rows).max(initial=0.0) <= _LARGEST)
    arrays: dict[str, Any] = {
        "task": np.array(TASK),
        "contents": np.array(found.contents, np.str_),
        "labels": np.asarray(found.labels, np.int32),
        "groups": np.array(found.groups, np.str_),
        "learned": np.asarray(found.learned, np.bool_),
        "features": rows.astype(np.float16 if is_small else np.float32),
    }
    buffer = BytesIO()
    np.savez(buffer, **arrays)
    files.write_bytes(file_of(folder, test=test), buffer.getvalue())


def read(folder: RunFolder, *, test: bool = False) -> PooledFeatures | None:
    """Read features of a run; None where there are none, or the file is damaged."""
    path = file_of(folder, test=test)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return PooledFeatures(
                contents=tuple(found["contents"].tolist()),
                labels=found["labels"],
                groups=tuple(found["groups"].tolist()),
                learned=found["learned"],
                features=found["features"],
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
