"""The check after training: the saved model, judged through the path that prediction takes."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.engine.prediction import predicting
from core.engine.prediction.compiled import Predictor
from core.judging.evaluation import scores
from core.records import Accuracy
from core.words import Message, say

TOLERANCE = 0.002  # of the images, or one image


def check(
    predictor: Predictor,
    copies: Sequence[Path],
    labels: NDArray[np.int32],
    report: Callable[[int, int], None],
    groups: Sequence[str] = (),
) -> Accuracy:
    """Judge a model on stored copies; ``report(done, total)`` follows.

    ``labels``: (images,), int32. Images of one of ``groups`` are right or wrong together, and the
    interval is as wide as that makes it.
    """
    right = np.zeros(len(copies), bool)
    for done, row in enumerate(predicting.of_copies(predictor, copies), start=1):
        right[done - 1] = np.argmax(row) == labels[done - 1]
        report(done, len(copies))
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
