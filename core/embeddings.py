"""Features of the images of a data set, computed once by the engine and kept in the cache.

The test part has none: it stays closed.
"""

import zipfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core import datasets, label_errors
from core.judging.statistics import accuracy, sign_test
from core.label_errors import Suspect
from core.records import Accuracy, Dataset, ImageRecord, Split
from core.words import Message, say
from core.workspace import Workspace

CHANCE = 0.05  # a difference that chance makes less often is called one


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """What a head scores on the same images, honestly and with copies on both sides."""

    honest: Accuracy
    leaky: Accuracy
    better: int  # groups, and images in none, that were judged better with the leak
    worse: int

    @property
    def is_beyond_chance(self) -> bool:
        """Judge the two scores as pairs: each group, or image in none, is its own control."""
        return sign_test(self.better, self.worse) < CHANCE

    @property
    def sentence(self) -> Message:
        """Say by how much the scores differ, and whether chance alone would do that."""
        points = round(100 * abs(self.leaky.accuracy - self.honest.accuracy), 1)
        if not self.is_beyond_chance:
            return say(
                "The scores differ by {points} points. Chance alone can do that: these images do "
                "not show that a leak would change the score.",
                points=points,
            )
        if self.better > self.worse:
            return say(
                "The leak would add {points} points that the model does not deserve. Chance alone "
                "hardly does that.",
                points=points,
            )
        return say(
            "The leak would take {points} points away, most often because a copy is in another "
            "class. Chance alone hardly does that.",
            points=points,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLabels:
    """The labels that are likely wrong, the surest first, and how good their judge is."""

    suspects: tuple[tuple[ImageRecord, Suspect], ...]
    judge: Accuracy  # of the given labels, on images that it did not see


def load(ws: Workspace, dataset: Dataset) -> Mapping[str, np.ndarray] | None:
    """Read the features by content; None when there are none yet, or a file is damaged."""
    path = ws.embedding(dataset.id, dataset.version)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return dict(zip(stored["contents"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def kept(ws: Workspace, dataset: Dataset) -> tuple[int, ...]:
    """Give the versions whose features are kept, newest first."""
    numbers = reversed(datasets.versions(ws, dataset.id))
    return tuple(number for number in numbers if ws.embedding(dataset.id, number).exists())


def newest(ws: Workspace, dataset: Dataset) -> Mapping[str, np.ndarray]:
    """Read the newest features of any version: they are named by content. Without any: none."""
    found = (load(ws, replace(dataset, version=number)) for number in kept(ws, dataset))
    return next((vectors for vectors in found if vectors), {})


def contents(ws: Workspace, dataset: Dataset, left_out: Collection[str] = ()) -> set[str]:
    """Name the images that have features once they are computed."""
    images = datasets.images(ws, dataset.id, dataset.version)
    closed = Split.TEST
    return {i.content for i in images if i.split is not closed and i.label not in left_out}


def judge_labels(
    ws: Workspace, dataset: Dataset, vectors: Mapping[str, np.ndarray]
) -> JudgedLabels | None:
    """Find images whose label is likely wrong; a label that was kept is not. None: one class."""
    images = _with_vectors(ws, dataset, vectors)
    labels = [image.label for image in images]
    names = sorted(set(labels))
    if len(names) < datasets.MIN_CLASSES:
        return None
    groups = [image.group for image in images]
    answers = label_errors.out_of_fold(
        _stacked(images, vectors), labels, names, groups=groups, seed=dataset.seed
    )
    judge = _score(np.array(names)[answers.argmax(axis=1)] == np.array(labels), labels)
    if judge.low <= judge.majority:  # no better than a guess
        return JudgedLabels(suspects=(), judge=judge)
    found = label_errors.find(labels, answers, names)
    kept = tuple((images[s.place], s) for s in found if not images[s.place].confirmed)
    return JudgedLabels(suspects=kept, judge=judge)


def leak(ws: Workspace, dataset: Dataset, vectors: Mapping[str, np.ndarray]) -> Leak | None:
    """Compare folds that keep groups whole with folds that cut them; None without any group.

    Every image is judged both ways, each time by a head that learned from the other folds. What
    is compared is a group as a whole, since its copies are right or wrong together (McNemar's
    paired comparison, 1947, in the form of an exact sign test over groups). The folds are dealt
    once: how much another deal would change is not in it (Dietterich 1998).
    """
    images = _with_vectors(ws, dataset, vectors)
    groups = [image.group for image in images]
    if not any(groups):
        return None
    features, labels = _stacked(images, vectors), [image.label for image in images]
    honest = _right(features, labels, groups, seed=dataset.seed)
    leaky = _right(features, labels, [""] * len(images), seed=dataset.seed)
    gains: Counter[str] = Counter()
    for image, gain in zip(images, (leaky.astype(int) - honest).tolist(), strict=True):
        gains[image.group or f"alone {image.content} {image.file}"] += gain
    return Leak(
        honest=_score(honest, labels),
        leaky=_score(leaky, labels),
        better=sum(gain > 0 for gain in gains.values()),
        worse=sum(gain < 0 for gain in gains.values()),
    )


def _right(
    features: np.ndarray, labels: Sequence[str], groups: Sequence[str], *, seed: int
) -> np.ndarray:
    """Tell which images heads that did not see them name rightly."""
    names = sorted(set(labels))
    answers = label_errors.out_of_fold(features, labels, names, groups=groups, seed=seed)
    found: np.ndarray = np.array(names)[answers.argmax(axis=1)] == np.array(labels)
    return found


def _score(right: np.ndarray, labels: Sequence[str]) -> Accuracy:
    largest = max(Counter(labels).values())
    return accuracy(int(right.sum()), len(labels), largest_class=largest)


def _with_vectors(
    ws: Workspace, dataset: Dataset, vectors: Mapping[str, np.ndarray]
) -> list[ImageRecord]:
    images = datasets.images(ws, dataset.id, dataset.version)
    return [image for image in images if image.content in vectors]


def _stacked(images: Sequence[ImageRecord], vectors: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.stack([vectors[image.content] for image in images])
