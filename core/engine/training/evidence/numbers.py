"""What a run of numbers leaves for whoever judges its model: its answers, score and range."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core import files
from core.datasets.numbered import similar, strata
from core.engine.loop.schedules import TrainingState
from core.engine.prediction.checking import Outputs
from core.engine.training.evidence import pooling
from core.engine.training.evidence.answers import Answers
from core.engine.training.setup import Setup
from core.engine.training.training_data import ImageSet
from core.errors import UserError
from core.judging.numbers import conformal, scoring, sentences
from core.records import LearnedTarget, ModelCard, NumberScore, Paired, Split
from core.run_results import numbers, pooled
from core.run_results.numbers import NumberAnswers
from core.run_results.pooled import PooledFeatures
from core.words import Message
from core.workspace import RunFolder, Workspace


def answers_of(
    ready: Setup, answers: Answers | None, outputs: Outputs | None
) -> NumberAnswers | None:
    """Set what the saved model says of the validation images beside the truth."""
    if outputs is None:
        return None
    validation, target = ready.data.validation, ready.data.target
    assert target is not None

    def in_unit(columns: NDArray | None) -> NDArray | None:
        return None if columns is None else columns[:, 0] * target.deviation + target.mean

    return NumberAnswers(
        contents=validation.contents,
        groups=validation.groups,
        true=validation.labels,
        said=np.asarray(outputs.columns[:, 0], np.float64),
        nearest=_nearest(ready),
        before=in_unit(answers.before if answers else None),
        last=in_unit(answers.last if answers else None),
    )


def _nearest(ready: Setup) -> NDArray | None:
    train, validation = ready.data.train, ready.data.validation
    with contextlib.suppress(OSError, UserError):  # a picture went meanwhile
        return similar.of_pixels(train.copies, train.labels, validation.copies)
    return None


def score(found: NumberAnswers, target: LearnedTarget) -> NumberScore:
    """Judge the answers to a part."""
    return scoring.score(
        found.true, found.said, found.groups, mean=target.mean, nearest=found.nearest
    )


def with_range(
    ws: Workspace, ready: Setup, target: LearnedTarget, found: NumberAnswers | None
) -> LearnedTarget:
    """Add the range in which the truth lies nine times in ten.

    A run that learned from its validation images has that of the run that it was made from.
    """
    if found is not None:
        half = conformal.half_range(np.abs(found.errors), found.groups)
        return replace(target, half_range=half)
    if ready.config.refit_of:
        with contextlib.suppress(OSError, ValueError, TypeError):
            card = files.read_record(ws.run(ready.config.refit_of).card, ModelCard)
            return replace(target, half_range=card.target.half_range if card.target else None)
    return target


def told(
    score: NumberScore | None, target: LearnedTarget, tuned: Paired | None
) -> Iterator[Message]:
    """Say what the check of the saved model found, and what fine-tuning did."""
    if score is None:
        return
    yield sentences.summary(score, target)
    if tuned is not None:
        yield sentences.tuned(tuned, score.images)


def write_numbers(
    folder: RunFolder,
    ready: Setup,
    state: TrainingState,
    found: NumberAnswers | None,
    outputs: Outputs | None,
) -> None:
    """Write the answers, and pooled features of the images."""
    if found is not None:
        numbers.write(folder, Split.VALIDATION, found)
    train, validation = ready.data.train, ready.data.validation
    ranges = np.array(strata.of([str(number) for number in train.labels]), np.int64)
    some = train.some(pooled.sample(ranges.tolist(), train.contents))
    vectors = pooling.of_images(ready, state, some.images, validation.images)
    features = _features_of(some, vectors, learned=True)
    if outputs is not None and outputs.features is not None:
        seen = _features_of(validation, outputs.features, learned=False)
        features = pooled.join(seen, features)
    pooled.write(folder, features)


def _features_of(images: ImageSet, vectors: NDArray, *, learned: bool) -> PooledFeatures:
    return PooledFeatures(
        contents=images.contents,
        labels=np.zeros(len(images.labels), np.int32),  # there are no classes
        groups=images.groups,
        learned=np.full(len(images.labels), learned),
        features=vectors,
    )
