"""In which range a backbone wants its pixels, by what a head scores on the features of each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from core import files
from core.engine.features import pipeline
from core.engine.features.inputs import fits_float16
from core.engine.networks import backbones, own
from core.engine.training import training_data
from core.engine.training.training_data import ImageSet
from core.errors import UserError
from core.images import pixels
from core.judging import folds, held_back, paired, solver
from core.judging.design import prepare
from core.models.catalog import Backbone
from core.records import HeadScore, TrainConfig
from core.records.backbones import PIXEL_RANGES, PixelRange, RangeTrial, TriedRange
from core.records.requests import TryRanges
from core.records.results import SURE
from core.words import say
from core.workspace import BackboneFolder, Workspace

MOST_IMAGES = 200
_BATCH = 32
Scored = tuple[PixelRange, HeadScore, float]  # and the log loss of the same images


def try_ranges(ws: Workspace, request: TryRanges) -> RangeTrial:
    """Score every range on at most 200 training images in five folds, the best first.

    Raises `UserError` where the images are too few to tell.
    """
    folder = BackboneFolder(Path(request.folder))
    facts = replace(files.read_record(folder.facts, Backbone), folder=str(folder.path))
    config = TrainConfig(dataset_id=request.dataset_id, dataset_version=request.dataset_version)
    data = training_data.read(ws, config)
    images, dealt = _sample(data.train)
    network = _pooled(own.load(facts, facts.default_size, folder.model))
    seen = list(
        pipeline.parallel(lambda copy: pixels.read_copy(copy, facts.default_size), images.copies)
    )
    scored = list(_scored(network, seen, images, dealt))
    if not scored:
        raise _too_few()
    return RangeTrial(
        dataset_id=request.dataset_id,
        dataset_version=request.dataset_version,
        image_size=facts.default_size,
        ranges=_ranked(scored),
    )


def _sample(train: ImageSet) -> tuple[ImageSet, NDArray[np.int64]]:
    """Take images of every class, and the fold of each."""
    labels = train.labels.tolist()
    dealt = folds.deal(labels, train.groups, train.contents, sample=MOST_IMAGES)
    inside = np.flatnonzero(dealt != folds.SKIPPED)
    return train.some(inside), dealt[inside]


def _pooled(model: keras.Model) -> keras.Model:
    return keras.Model(model.input, keras.layers.GlobalAveragePooling2D()(model.output))


def _scored(
    network: keras.Model, seen: Sequence[NDArray], images: ImageSet, dealt: NDArray[np.int64]
) -> Iterator[Scored]:
    """Score each range whose features are numbers."""
    for kind in PIXEL_RANGES.values():
        features = np.concatenate(
            [
                network.predict_on_batch(_prepared(seen[first : first + _BATCH], kind))
                for first in range(0, len(seen), _BATCH)
            ]
        )
        if np.isfinite(features).all():
            scored = _score(_as_kept(features), images, dealt)
            if scored is not None:
                yield kind, *scored


def _as_kept(features: NDArray) -> NDArray:
    """Give features as the cache will give them: what is too small for 16 bits is nothing."""
    return features.astype(np.float16).astype(np.float32) if fits_float16(features) else features


def _prepared(seen: Sequence[NDArray], kind: PixelRange) -> NDArray:
    batch = keras.ops.convert_to_tensor(np.stack(seen).astype(np.float32))
    return keras.ops.convert_to_numpy(backbones.preprocess(batch, kind.preprocessing))


def _score(
    features: NDArray, images: ImageSet, dealt: NDArray[np.int64]
) -> tuple[HeadScore, float] | None:
    trials = solver.search(
        prepare(features),
        images.labels,
        dealt,
        num_classes=int(images.labels.max()) + 1,
        strengths=solver.COARSE,
    )
    best = solver.best_trial(tuple(trials))
    if best is None:
        return None
    score = held_back.score(best, images.labels, images.contents, images.groups)
    return score, best.loss


def _ranked(scored: Sequence[Scored]) -> tuple[TriedRange, ...]:
    """Put the best first, of equals the one of less loss; say which are surely worse."""
    order = sorted(scored, key=lambda one: (-one[1].accuracy.accuracy, one[2]))
    first = order[0][1]
    pairs = [paired.compare(_right(first), _right(score), first.groups) for _, score, _ in order]
    chances = [1.0, *paired.holm([pair.p for pair in pairs[1:]])]
    return tuple(
        TriedRange(
            pixels=kind.name,
            accuracy=score.accuracy,
            is_worse=replace(pair, p=chance).is_worse and chance < SURE,
        )
        for (kind, score, _), pair, chance in zip(order, pairs, chances, strict=True)
    )


def _right(score: HeadScore) -> NDArray[np.bool_]:
    return np.array(score.right, bool)


def _too_few() -> UserError:
    return UserError(
        say("The images are too few to try pixel ranges on them."),
        expected=say("Several images of every class to train on."),
        mend=say("Choose the range by what the model was trained with."),
    )
