"""What a head is worth, by the images that the search for its strength held back."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import scores
from core.records import Accuracy, HeadScore


class Judgement(Protocol):
    """Which images were held back, and who of them is right."""

    @property
    def judged(self) -> NDArray[np.bool_]: ...

    @property
    def right(self) -> NDArray[np.bool_]: ...


def score(
    trial: Judgement, labels: NDArray, contents: Sequence[str], groups: Sequence[str]
) -> HeadScore:
    """Score a head by the images that its folds held back.

    ``labels``: (images,) int; contents and groups in their order. Where images come in
    groups, the interval is that of groups.
    """
    rows = np.flatnonzero(trial.judged).tolist()
    right = trial.right[rows]
    of_rows = tuple(groups[row] for row in rows)
    share = scores.accuracy(
        np.ones_like(right), right, groups=list(of_rows) if any(of_rows) else None
    )
    return HeadScore(
        accuracy=Accuracy(
            accuracy=share.value,
            low=share.low,
            high=share.high,
            images=len(rows),
            majority=float(np.bincount(labels[rows]).max()) / len(rows),
        ),
        contents=tuple(contents[row] for row in rows),
        right=tuple(right.tolist()),
        groups=of_rows,
    )
