"""What comes of answering only when a model is sure: fewer answers, more of them right.

A threshold is chosen by the share that is right itself, not by the lower end of its interval: to
demand that costs far too many answers. What it then gives on new images was simulated:
docs/decisions/answers.md.
"""

import numpy as np
from numpy.typing import NDArray

from core.records import Threshold, Thresholds

GOALS = (0.90, 0.95, 0.99)  # right, of those that are answered
LEAST = 20  # answers to tell by
MANY = 100  # images from which on a threshold gives on new ones nearly what it gave
ON_NEW = ((0.92, 0.94), (0.94, 0.95))  # what one for 95 % gave there: below so many, and above
_STEPS = np.arange(100) / 100  # of confidence


def thresholds(confidence: NDArray, right: NDArray) -> Thresholds:
    """Count what is answered from each confidence on, and choose the least for each goal.

    ``confidence``: (images,) float, of the answer; ``right``: (images,) bool.
    """
    step = np.searchsorted(_STEPS, confidence, side="right") - 1
    answered, correct = (
        np.bincount(steps, minlength=len(_STEPS))[::-1].cumsum()[::-1].tolist()
        for steps in (step, step[np.asarray(right, bool)])
    )
    return Thresholds(
        images=len(right),
        answered=tuple(answered),
        right=tuple(correct),
        goals=tuple(
            Threshold(goal=goal, percent=_least(goal, answered, correct)) for goal in GOALS
        ),
    )


def _least(goal: float, answered: list[int], right: list[int]) -> int | None:
    """Give the least percent at which the goal is reached with answers enough to tell by."""
    for percent, (num, correct) in enumerate(zip(answered, right, strict=True)):
        if num < LEAST:
            return None
        if correct >= goal * num:
            return percent
    return None


def on_new_images(images: int) -> tuple[float, float]:
    """Give between which shares a threshold for 95 %, chosen by so many images, gave on others."""
    return ON_NEW[images >= MANY]
