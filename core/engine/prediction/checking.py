"""The check after training: the saved model, judged through the path that prediction takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.engine.prediction import predicting
from core.engine.prediction.compiled import Predictor
from core.judging.evaluation import scores
from core.records import Accuracy
from core.words import Message, say

TOLERANCE = 0.002  # of the images, or one image


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """What a model makes of images."""

    columns: NDArray[np.float32]  # (images, outputs): one for a sigmoid, or a number
    features: NDArray[np.float32] | None  # (images, channels), pooled; None: not to be had

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """Give those of the classes: (images, classes), two for a sigmoid."""
        return predicting.as_probabilities(self.columns)


def ask(
    predictor: Predictor, copies: Sequence[Path], report: Callable[[int, int], None]
) -> Outputs:
    """Ask a model about stored copies; ``report(done, total)`` follows."""
    found = []
    for one in predicting.of_copies(predictor, copies):
        found.append(one)
        report(len(found), len(copies))
    if not found:
        return Outputs(np.zeros((0, 2), np.float32), None)
    vectors = [one.features for one in found if one.features is not None]
    return Outputs(np.stack([one.columns for one in found]), np.stack(vectors) if vectors else None)


def judge(
    probabilities: NDArray, labels: NDArray[np.int32], groups: Sequence[str] = ()
) -> Accuracy:
    """Judge a model by its answers. (images, classes); ``labels``: (images,), int32.

    Images of one of ``groups`` are right or wrong together, and the interval is as wide as that
    makes it.
    """
    right = probabilities.argmax(axis=1) == labels
    return scores.measured(right, groups, largest_class=largest_class(labels))


def largest_class(labels: NDArray[np.int32]) -> int:
    """Count the images of the largest class: what always naming it would get right. (images,)."""
    return int(np.bincount(labels).max()) if len(labels) else 0


def complaint(checked: Accuracy, trained: float) -> Message | None:
    """Say so where prediction and training disagree by more than rounding explains."""
    apart = round(abs(checked.accuracy - trained) * checked.images)
    if apart <= max(1, TOLERANCE * checked.images):
        return None
    return say(
        "Error: the saved model names {checked} of {images} validation images rightly, but in "
        "training it was {trained}. Please report this; the figures of this run are of the saved "
        "model.",
        checked=round(checked.accuracy * checked.images),
        trained=round(trained * checked.images),
        images=checked.images,
    )


def summary(checked: Accuracy) -> Message:
    """Say what the check found."""
    return say(
        "The saved model names {correct} of {images} validation images rightly.",
        correct=round(checked.accuracy * checked.images),
        images=checked.images,
    )
