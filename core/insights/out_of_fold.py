"""What a linear head says of images that it did not learn from: the judge of labels and leaks."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from core.datasets import splits
from core.judging.statistics import accuracy
from core.records import Accuracy

FOLDS = 5
STEPS = 300
_RATE = 0.5
_DECAY = 1e-3  # weight decay of the linear head


def predict(
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
            answers[inside] = _learned(features, labels, names, ~inside)[inside]
    return answers


def _learned(
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


def right(probabilities: np.ndarray, labels: Sequence[str], names: Sequence[str]) -> np.ndarray:
    """Tell which images are named rightly: (images,), of bool."""
    found: np.ndarray = np.array(names)[probabilities.argmax(axis=1)] == np.array(labels)
    return found


def score(probabilities: np.ndarray, labels: Sequence[str], names: Sequence[str]) -> Accuracy:
    """Give the accuracy of probabilities: (images, classes) float in 0..1."""
    num_right = int(right(probabilities, labels, names).sum())
    return accuracy(num_right, len(labels), largest_class=max(Counter(labels).values()))
