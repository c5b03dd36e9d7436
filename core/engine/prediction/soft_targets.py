"""What a finished model answers to the images that another network learns from, in the same views.

Distillation: Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network" (2015).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from core import files
from core.engine.features import extraction, feature_cache, prefixes
from core.engine.features.cache_folder import Cache
from core.engine.features.feature_cache import Report, Stop
from core.engine.features.inputs import StreamedFeatures
from core.engine.features.pipeline import Features, Image
from core.engine.features.prefixes import Prefix
from core.engine.features.views import ViewPlan, read_view
from core.engine.prediction import in_keras

SMALLEST = 1e-6  # a probability below counts as this one
_SAMPLES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """A finished model that another network learns from."""

    model: Path
    labels: tuple[str, ...]  # in the order of its outputs


@dataclass(frozen=True, slots=True)
class SoftTargets:
    """Logits of a teacher, each image's up to a constant, in the order of the student's outputs."""

    features: Features  # log-probabilities, in the teacher's order
    columns: NDArray[np.int64]  # (classes,): where each of the student's classes stands there

    def batch(self, rows: NDArray, views: NDArray) -> NDArray[np.float32]:
        """Give those of images in views: (batch, classes). ``rows``, ``views``: (batch,), int64."""
        found: NDArray[np.float32] = self.features.batch(rows, views).astype(np.float32)
        return found[:, self.columns]


def ask_teacher(
    teacher: Teacher,
    labels: Sequence[str],
    images: Sequence[Image],
    *,
    views: ViewPlan,
    are_fresh: bool,
    cache: Cache,
    report: Report,
    stop: Stop,
) -> SoftTargets:
    """Let the teacher look at all images that are learned from, once, and keep what it says.

    ``labels``: the student's classes. ``are_fresh``: each epoch has views of its own, so nothing
    can be kept, and the teacher looks at every batch. Raises `feature_cache.Stopped`.
    """
    prefix = _prefix(teacher.model)
    if are_fresh and views.total > 1:
        found: Features = _streamed(prefix, images, views, cache, report)
    else:
        found = feature_cache.prepare(
            images, prefix, views=views, cache=cache, report=report, stop=stop
        )
    columns = np.array([teacher.labels.index(label) for label in labels], np.int64)
    return SoftTargets(found, columns)


def _prefix(path: Path) -> Prefix:
    """Give the model as pixels -> log-probabilities of its classes, two for one sigmoid."""
    model = in_keras.read(path)
    shares = model.output
    if shares.shape[-1] == 1:
        shares = keras.ops.concatenate([1 - shares, shares], axis=-1)
    told = keras.ops.log(keras.ops.maximum(shares, SMALLEST))
    name, size = files.sha256(path), int(model.input_shape[1])
    key = prefixes.key_of(backbone="teacher", weights=name, cut="answers", size=size, pooling="")
    return Prefix(model=keras.Model(model.input, told, name="teacher"), key=key, size=size)


def _streamed(
    prefix: Prefix, images: Sequence[Image], views: ViewPlan, cache: Cache, report: Report
) -> StreamedFeatures:
    samples = np.stack(
        [
            read_view(copy, prefix.size, content=content, view=0, plan=views)
            for content, copy in images[:_SAMPLES]
        ]
    )
    network, said = extraction.fastest(prefix.model, samples, cache.folder / prefix.key)
    for sentence in said:
        report(0, 1, 0.0, sentence)
    shape = tuple(prefix.model.output_shape[1:])
    return StreamedFeatures(images, network, prefix.size, shape, views)
