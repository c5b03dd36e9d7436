"""Which labels may be wrong, in the eyes of models that did not see their images.

They are ranked by self-confidence, the probability of the given label out of fold (Northcutt,
Jiang, Chuang: Confident Learning, JAIR 2021). How many are shown is not left to the confident joint
of that paper, which takes every mistake of a weak judge for a wrong label, but to
`core.judging.label_noise`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.judging import label_noise
from core import splits

FOLDS = 5
STEPS = 300
LIKELY = 0.7  # a label that is wrong with this probability is worth a look
PRECISION = (  # of the suspects, with 1 to 10 % wrong labels, by the accuracy of the judge
    (0.7, (0.7, 0.95)),  # docs/decisions/label-issues.md
    (0.0, (0.25, 0.65)),
)
TRIED_FROM = 100  # images; with fewer, trials are too few to say
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
    """Give the labels that are likely wrong, those of the least self-confidence first.

    `probabilities`: (images, classes), out of fold. Clean labels, or a judge that cannot tell, give
    none.
    """
    index = {name: column for column, name in enumerate(names)}
    given = np.array([index[label] for label in labels])
    noise = label_noise.fit(given, probabilities)
    wrong = label_noise.probability_wrong(given, probabilities, noise)
    own = probabilities[np.arange(len(given)), given]
    best = probabilities.argmax(axis=1)
    return [
        Suspect(
            place=place,
            given=names[given[place]],
            suggested=names[best[place]],
            probability_given=float(own[place]),
            probability_suggested=float(probabilities[place, best[place]]),
        )
        for place in np.argsort(own, kind="stable").tolist()
        if wrong[place] >= LIKELY and best[place] != given[place]
    ]


def expected_precision(accuracy: float, num_images: int) -> tuple[float, float] | None:
    """Give which share of the suspects is wrong indeed, from and to, by how good the judge is.

    None where there are too few images to say.
    """
    if num_images < TRIED_FROM:
        return None
    return next(shares for least, shares in PRECISION if accuracy >= least)


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
