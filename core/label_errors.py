"""Which labels may be wrong: confident learning on probabilities of models that did not see them.

Source: Northcutt, Jiang, Chuang: Confident Learning (JAIR 2021): per-class thresholds, the
confident joint, ranking by normalised margin.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core import splits

FOLDS = 5
STEPS = 300
_RATE = 0.5
_DECAY = 1e-3  # weight decay of the linear head


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """An image whose label a model that never saw it disputes."""

    place: int  # in the sequence of images
    given: str
    suggested: str
    probability_given: float
    probability_suggested: float


def find(labels: Sequence[str], probabilities: np.ndarray, names: Sequence[str]) -> list[Suspect]:
    """Rank suspects, the surest first. `probabilities`: (images, classes), out of fold."""
    index = {name: column for column, name in enumerate(names)}
    given = np.array([index[label] for label in labels])
    disputed = _disputed(given, probabilities)
    rows = np.arange(len(given))
    own = probabilities[rows, given]
    best = np.where(disputed >= 0, disputed, given)
    margin = own - probabilities[rows, best]
    order = [int(place) for place in np.argsort(margin) if disputed[place] >= 0]
    return [
        Suspect(
            place=place,
            given=names[given[place]],
            suggested=names[best[place]],
            probability_given=float(own[place]),
            probability_suggested=float(probabilities[place, best[place]]),
        )
        for place in order
    ]


def _disputed(given: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Give the confident other class of each image, -1 for none: the off-diagonal of the joint.

    A class is confident where its probability reaches the mean it has on images labelled so.
    """
    classes = probabilities.shape[1]
    thresholds = np.array(
        [
            probabilities[given == k, k].mean() if (given == k).any() else np.inf
            for k in range(classes)
        ]
    )
    confident = np.where(probabilities >= thresholds, probabilities, -1.0)
    best = confident.argmax(axis=1)
    off_diagonal = (confident.max(axis=1) >= 0) & (best != given)
    return np.where(off_diagonal, best, -1)


def out_of_fold(
    features: np.ndarray,
    labels: Sequence[str],
    names: Sequence[str],
    *,
    groups: Sequence[str] = (),
    seed: int = 0,
) -> np.ndarray:
    """Give each image the probabilities of a linear head trained without its fold.

    `features`: (images, dimensions). Images of one group are in one fold.
    """
    folds = splits.folds(labels, groups or [""] * len(labels), number=FOLDS, seed=seed)
    answers = np.zeros((len(labels), len(names)))
    for fold in range(FOLDS):
        inside = folds == fold
        if inside.any() and not inside.all():
            answers[inside] = predict(features, labels, names, ~inside)[inside]
    return answers


def predict(
    features: np.ndarray, labels: Sequence[str], names: Sequence[str], train: np.ndarray
) -> np.ndarray:
    """Train a linear head on the rows that `train` marks; give probabilities for all rows."""
    index = {name: column for column, name in enumerate(names)}
    target = np.array([index[label] for label in labels])
    scaled = _scaled(np.asarray(features, dtype=np.float32), train)
    scores = scaled @ _fit(scaled[train], target[train], len(names))
    return _softmax(scores.astype(np.float64))


def _scaled(features: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Bring features to one length around the mean of training, and add the constant one."""
    centred = features - features[train].mean(axis=0)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    unit = 4 * centred / np.maximum(length, 1e-9)
    return np.hstack([unit, np.ones((len(unit), 1), unit.dtype)])


def _fit(features: np.ndarray, target: np.ndarray, classes: int) -> np.ndarray:
    """Fit a softmax regression by accelerated gradient descent; classes count alike."""
    kind = features.dtype
    wanted = np.eye(classes, dtype=kind)[target]
    share = 1.0 / np.maximum(np.bincount(target, minlength=classes), 1)
    weight = (share / share[target].sum())[target][:, None].astype(kind)
    weights = np.zeros((features.shape[1], classes), kind)
    ahead, speed = weights, np.zeros_like(weights)
    for _ in range(STEPS):
        error = weight * (_softmax(features @ ahead) - wanted)
        speed = 0.9 * speed - _RATE * (features.T @ error + _DECAY * ahead)
        weights = weights + speed
        ahead = weights + 0.9 * speed
    return weights


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
