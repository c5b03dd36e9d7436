"""Where the images of a run lie on the map of their features, beside what the map was made from."""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import files
from core.judging import neighbours
from core.records import Split
from core.run_folder import RunFolder

TASK = "classification"


@dataclass(frozen=True, kw_only=True, eq=False)
class EmbeddingMap:
    """A map: pictures that the model finds alike lie beside each other."""

    contents: tuple[str, ...]  # names of the images
    parts: tuple[Split, ...]  # of each image
    labels: NDArray[np.int32]  # (images,), of the classes in the order of the outputs
    positions: NDArray[np.float32]  # (images, 2)
    source: str  # what names the features that it was made from
    seconds: float  # that it took
    near: NDArray[np.int64]  # (images,): of the nearest on the map, how many are of its class
    in_features: float  # share of the nearest images that are, in the features themselves

    @property
    def on_map(self) -> float:
        """Give the share of the nearest images on the map that are of the same class."""
        return float(self.near.mean() / neighbours.NUMBER)


def write(folder: RunFolder, found: EmbeddingMap) -> None:
    """Write a map, whole or not at all."""
    arrays: dict[str, Any] = {
        "task": np.array(TASK),
        "contents": np.array(found.contents, np.str_),
        "parts": np.array(found.parts, np.str_),
        "labels": np.asarray(found.labels, np.int32),
        "positions": np.asarray(found.positions, np.float32),
        "source": np.array(found.source),
        "near": np.asarray(found.near, np.int64),
        **{name: np.array(getattr(found, name)) for name in _NUMBERS},
    }
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    files.write_bytes(folder.map, buffer.getvalue())


_NUMBERS = ("seconds", "in_features")


def read(folder: RunFolder) -> EmbeddingMap | None:
    """Read the map of a run; None where there is none, or the file is damaged."""
    try:
        with folder.map.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return EmbeddingMap(
                contents=tuple(found["contents"].tolist()),
                parts=tuple(Split(part) for part in found["parts"].tolist()),
                labels=found["labels"],
                positions=found["positions"],
                source=str(found["source"]),
                near=found["near"],
                **{name: float(found[name]) for name in _NUMBERS},
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
