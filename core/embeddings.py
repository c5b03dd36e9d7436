"""Features of the images of a data set, computed once by the engine and kept in the cache.

The test part has none: it stays closed.
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core import datasets, label_errors, splits
from core.intervals import accuracy
from core.label_errors import Suspect
from core.records import Accuracy, Dataset, ImageRecord, Split
from core.words import Message, say
from core.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """What a head scores on validation images, honestly and with copies on both sides."""

    honest: Accuracy
    leaky: Accuracy
    num_bound: int  # images in groups that the leaky split cuts or could cut

    @property
    def sentence(self) -> Message:
        return say(
            "Honestly split: {honest} %. With copies on both sides: {leaky} %.",
            honest=round(100 * self.honest.accuracy, 1),
            leaky=round(100 * self.leaky.accuracy, 1),
        )


def load(ws: Workspace, dataset: Dataset) -> Mapping[str, np.ndarray] | None:
    """Read the features by content; None when there are none yet, or a file is damaged."""
    path = ws.embedding(dataset.id, dataset.version)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return dict(zip(stored["contents"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def suspects(
    ws: Workspace, dataset: Dataset, vectors: Mapping[str, np.ndarray]
) -> list[tuple[ImageRecord, Suspect]]:
    """Find images whose label may be wrong, the surest first."""
    images = _with_vectors(ws, dataset, vectors)
    labels = [image.label for image in images]
    names = sorted(set(labels))
    if len(names) < datasets.MIN_CLASSES:
        return []
    features = _stacked(images, vectors)
    groups = [image.group for image in images]
    answers = label_errors.out_of_fold(features, labels, names, groups=groups, seed=dataset.seed)
    return [(images[s.place], s) for s in label_errors.find(labels, answers, names)]


def leak(ws: Workspace, dataset: Dataset, vectors: Mapping[str, np.ndarray]) -> Leak | None:
    """Compare the honest split with one that ignores groups; None without any group."""
    images = _with_vectors(ws, dataset, vectors)
    bound = sum(bool(image.group) for image in images)
    if not bound:
        return None
    labels = [image.label for image in images]
    whole = splits.assign(labels, [i.group for i in images], seed=dataset.seed)
    cut = splits.assign(labels, [""] * len(images), seed=dataset.seed)
    features = _stacked(images, vectors)
    return Leak(
        honest=_score(features, labels, whole), leaky=_score(features, labels, cut), num_bound=bound
    )


def _score(features: np.ndarray, labels: Sequence[str], parts: Sequence[Split]) -> Accuracy:
    """Train a head on the training part and score it on the rest."""
    names = sorted(set(labels))
    inside = np.array([part is Split.TRAIN for part in parts])
    answers = label_errors.predict(features, labels, names, inside)
    target = np.array([names.index(label) for label in labels])
    right = int((answers.argmax(axis=1) == target)[~inside].sum())
    largest = int(np.bincount(target[~inside]).max()) if (~inside).any() else 0
    return accuracy(right, int((~inside).sum()), largest_class=largest)


def _with_vectors(
    ws: Workspace, dataset: Dataset, vectors: Mapping[str, np.ndarray]
) -> list[ImageRecord]:
    images = datasets.images(ws, dataset.id, dataset.version)
    return [image for image in images if image.content in vectors]


def _stacked(images: Sequence[ImageRecord], vectors: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.stack([vectors[image.content] for image in images])
