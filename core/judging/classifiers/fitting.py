"""Classifiers by their names in `choices.CLASSIFIERS`: learned, and judged by folds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.judging.classifiers import class_means, nearest
from core.judging.evaluation import calibration
from core.judging.head import Array, LinearHead


class Fitted(Protocol):
    """What a classifier has learned."""

    def logits(self, features: NDArray) -> Array:
        """Give what softmax makes shares of: (images, width) -> (images, classes) float."""
        ...


Fit = Callable[[NDArray, NDArray, int], Fitted]  # features, labels, number of classes

FITS: Mapping[str, Fit] = {  # of each entry that is found at once
    "class-mean": class_means.fit,
    "knn": nearest.remember,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """What a classifier says of images that it did not learn from, each held back in turn."""

    logits: Array  # (images, classes)
    judged: NDArray[np.bool_]  # (images,): there was something to learn its class from
    right: NDArray[np.bool_]  # (images,): of these


def held_out(
    name: str, features: NDArray, labels: NDArray, folds: NDArray[np.int64], num_classes: int
) -> HeldOut:
    """Learn without each fold in turn, and ask about it. ``labels``, ``folds``: (images,) int."""
    logits, judged = np.zeros((len(labels), num_classes)), np.zeros(len(labels), bool)
    for number in np.unique(folds):
        out = folds == number
        if out.all():
            break  # a single fold
        fitted = FITS[name](features[~out], labels[~out], num_classes)
        logits[out] = fitted.logits(features[out])
        judged[out] = np.isin(labels[out], labels[~out])
    right = judged & (logits.argmax(axis=1) == labels)
    return HeldOut(logits=logits, judged=judged, right=right)


def learn(
    name: str, features: NDArray, labels: NDArray, folds: NDArray[np.int64], num_classes: int
) -> tuple[Fitted, HeldOut]:
    """Learn from all images; a linear one is as sure as it is right of images held back.

    ``features``: (images, width) float; ``labels``, ``folds``: (images,) int.
    """
    fitted = FITS[name](features, labels, num_classes)
    apart = held_out(name, features, labels, folds, num_classes)
    if isinstance(fitted, LinearHead):
        seen = apart.judged
        fitted = fitted.tempered(calibration.temperature(apart.logits[seen], labels[seen]))
    return fitted, apart
