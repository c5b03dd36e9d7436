"""Features of the images of a data set, computed once by the engine and kept in the cache.

The test part has none: it stays closed.
"""

import zipfile
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from core import datasets
from core.records import Dataset, ImageRecord, Split
from core.workspace import Workspace


def load(ws: Workspace, dataset: Dataset) -> Mapping[str, np.ndarray] | None:
    """Read the features by content; None when there are none yet, or a file is damaged.

    (features,) float32 each, as the network gave them.
    """
    path = ws.embedding(dataset.id, dataset.version)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return dict(zip(stored["contents"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def kept(ws: Workspace, dataset: Dataset) -> tuple[int, ...]:
    """Give the versions whose features are kept, newest first."""
    numbers = reversed(datasets.version_numbers(ws, dataset.id))
    return tuple(number for number in numbers if ws.embedding(dataset.id, number).exists())


def newest(ws: Workspace, dataset: Dataset) -> Mapping[str, np.ndarray]:
    """Read the newest features of any version: they are named by content. Without any: none.

    (features,) float32 each.
    """
    found = (load(ws, replace(dataset, version=number)) for number in kept(ws, dataset))
    return next((vectors for vectors in found if vectors), {})


def contents(ws: Workspace, dataset: Dataset, left_out: Collection[str] = ()) -> set[str]:
    """Name the images that have features once they are computed."""
    images = datasets.images(ws, dataset.id, dataset.version)
    closed = Split.TEST
    return {i.content for i in images if i.split is not closed and i.label not in left_out}


def described(
    ws: Workspace, dataset: Dataset, vectors: Mapping[str, np.ndarray]
) -> tuple[list[ImageRecord], np.ndarray]:
    """Give the images that have features, and these as rows: (images, features) float32."""
    images = datasets.images(ws, dataset.id, dataset.version)
    found = [image for image in images if image.content in vectors]
    return found, np.stack([vectors[image.content] for image in found])
