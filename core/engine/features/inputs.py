"""The three ways features are had: kept in the cache, computed for each batch, or plain pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.engine.features import pipeline
from core.engine.features.extraction import compute
from core.engine.features.pipeline import Image
from core.engine.features.running import CompiledNetwork
from core.engine.features.views import ViewPlan, read_view

_LARGEST_FLOAT16 = 65504.0


def fits_float16(features: np.ndarray) -> bool:
    """Tell whether features are numbers that 16 bits can hold.

    (rows, *features) of any float dtype.
    """
    return bool(np.abs(features).max(initial=0.0) <= _LARGEST_FLOAT16)


@dataclass(frozen=True, slots=True)
class StoredFeatures:
    """Features in the cache, mapped into memory."""

    rows: np.ndarray  # (all rows, *shape)
    row_indices: np.ndarray  # (images, views): where each lies in ``rows``
    engine: str
    precision: str
    streamed: bool = False

    @property
    def num_images(self) -> int:
        return self.row_indices.shape[0]

    @property
    def num_views(self) -> int:
        return self.row_indices.shape[1]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.rows.shape[1:]

    def epoch_views(self, seed: int, epoch: int) -> np.ndarray:
        """Choose a view of every image for an epoch. (images,) int64."""
        return _choose_views(self.num_images, self.num_views, seed=seed, epoch=epoch)

    def batch(self, rows: np.ndarray, views: np.ndarray) -> np.ndarray:
        """Give (batch, *shape), float16 or float32 as kept."""
        return np.asarray(self.rows[self.row_indices[rows, views]])


@dataclass(frozen=True, slots=True)
class StreamedFeatures:
    """Features that are not kept: the prefix runs for every batch."""

    images: Sequence[Image]
    network: CompiledNetwork
    size: int
    shape: tuple[int, ...]
    plan: ViewPlan
    streamed: bool = True

    @property
    def num_images(self) -> int:
        return len(self.images)

    @property
    def num_views(self) -> int:
        return self.plan.total

    @property
    def engine(self) -> str:
        return self.network.engine

    @property
    def precision(self) -> str:
        return self.network.precision

    def epoch_views(self, seed: int, epoch: int) -> np.ndarray:
        """Choose a view of every image for an epoch. (images,) int64."""
        return _choose_views(self.num_images, self.num_views, seed=seed, epoch=epoch)

    def batch(self, rows: np.ndarray, views: np.ndarray) -> np.ndarray:
        """Compute (batch, *shape): float16 as the cache would keep them, or float32.

        So a run goes on as it began when the cache has less room, or more, after a restart.
        """
        wanted = [(self.images[row], view) for row, view in zip(rows, views.tolist(), strict=True)]
        features = np.concatenate(list(compute(self.network, wanted, self.size, self.plan)))
        return features.astype(np.float16) if fits_float16(features) else features


@dataclass(frozen=True, slots=True)
class PixelFeatures:
    """Nothing is frozen: the features are the pixels, augmented afresh in every epoch."""

    images: Sequence[Image]
    size: int
    plan: ViewPlan
    engine: str = "none"
    precision: str = "uint8"
    streamed: bool = True

    @property
    def num_images(self) -> int:
        return len(self.images)

    @property
    def num_views(self) -> int:
        return self.plan.total

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.size, self.size, 3)

    def epoch_views(self, seed: int, epoch: int) -> np.ndarray:
        """Take a view that no earlier epoch saw: its number is the epoch's. (images,) int64."""
        view = epoch if self.plan.total > 1 else 0
        return np.full(self.num_images, view)

    def batch(self, rows: np.ndarray, views: np.ndarray) -> np.ndarray:
        """Read and augment: (batch, size, size, 3), uint8."""
        wanted = list(zip(rows.tolist(), views.tolist(), strict=True))
        out = np.empty((len(wanted), *self.shape), np.uint8)
        for index, image in enumerate(pipeline.parallel(self._read, wanted)):
            out[index] = image
        return out

    def _read(self, wanted: tuple[int, int]) -> np.ndarray:
        row, view = wanted
        content, copy = self.images[row]
        return read_view(copy, self.size, content=content, view=view, plan=self.plan)


def _choose_views(num_images: int, num_views: int, *, seed: int, epoch: int) -> np.ndarray:
    """Draw one of the kept views for every image: a function of seed and epoch alone."""
    return np.random.default_rng([seed, epoch, 1]).integers(0, num_views, num_images)
