"""What a run's model can do and where it fails, from the answers that the run left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import scores
from core.judging.evaluation.scores import ClassScores, GroupScore, Share
from core.records import Accuracy
from core.run_results.predictions import PartPredictions


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """An image that is named wrongly."""

    content: str
    true: str
    predicted: str
    probability: float  # of the class it is named
    probability_of_true: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A model judged on the images of one part; intervals are 95 %, by groups where there are."""

    labels: tuple[str, ...]
    accuracy: Accuracy
    balanced: Share
    classes: tuple[ClassScores, ...]  # in the order of the labels
    confusion: NDArray[np.int64]  # (classes, classes): true, predicted
    mistakes: tuple[Mistake, ...]  # the surest first
    groups: tuple[GroupScore, ...]  # the worst first


def evaluate(
    found: PartPredictions, labels: tuple[str, ...], accuracy: Accuracy | None = None
) -> Judged:
    """Judge answers. ``accuracy``: as the run has it, with what picking cost; else found here."""
    true, predicted = found.labels, found.predicted
    groups = list(found.groups) if any(found.groups) else None
    num = len(labels)
    largest = int(np.bincount(true).max(initial=0))
    return Judged(
        labels=labels,
        accuracy=accuracy or scores.measured(found.right, found.groups, largest_class=largest),
        balanced=scores.balanced_accuracy(true, predicted, num_classes=num, groups=groups),
        classes=scores.of_classes(true, predicted, num_classes=num, groups=groups),
        confusion=scores.confusion(true, predicted, num_classes=num),
        mistakes=tuple(mistakes(found, labels)),
        groups=scores.of_groups(true, predicted, groups) if groups else (),
    )


def mistakes(found: PartPredictions, labels: Sequence[str]) -> list[Mistake]:
    """List the images that are named wrongly, those first where the model was surest."""
    predicted, shares = found.predicted, found.probabilities
    wrong = [
        Mistake(
            content=found.contents[i],
            true=labels[found.labels[i]],
            predicted=labels[predicted[i]],
            probability=float(shares[i, predicted[i]]),
            probability_of_true=float(shares[i, found.labels[i]]),
        )
        for i in np.flatnonzero(~found.right).tolist()
    ]
    return sorted(wrong, key=lambda one: (-one.probability, one.content))


def round_robin(wrong: Sequence[Mistake]) -> list[Mistake]:
    """Put mistakes in turns, one of each pair of classes and round again.

    The surest come first in each turn, so that one pair does not fill the list.
    """
    return [wrong[place] for place in _in_turns([(one.true, one.predicted) for one in wrong])]


def rows_of(found: PartPredictions, cell: tuple[int, int] | None) -> list[int]:
    """List the images of a cell of the matrix, (true, predicted), by their number.

    Those come first where the model was surest and wrong, or right and least sure. None: all
    mistakes, in turns as in `round_robin`.
    """
    true, predicted = found.labels, found.predicted
    is_right = cell is not None and cell[0] == cell[1]
    inside = ~found.right if cell is None else (true == cell[0]) & (predicted == cell[1])
    sure = found.probabilities[np.arange(len(true)), predicted] * (1 if is_right else -1)
    rows = np.flatnonzero(inside).tolist()
    rows.sort(key=lambda row: (sure[row], found.contents[row]))
    if cell is not None:
        return rows
    return [rows[place] for place in _in_turns([(int(true[r]), int(predicted[r])) for r in rows])]


def _in_turns(pairs: Sequence[tuple[object, object]]) -> list[int]:
    """Give the places in turns: the first of each pair, then the second of each."""
    turns, seen = list[tuple[int, int]](), dict[tuple[object, object], int]()
    for place, pair in enumerate(pairs):
        seen[pair] = seen.get(pair, 0) + 1
        turns.append((seen[pair], place))
    return [place for _, place in sorted(turns)]


def mixed_up(found: Judged) -> list[tuple[str, str, int]]:
    """List pairs of classes that are named as each other, in either direction, the most first."""
    both = found.confusion + found.confusion.T
    first, second = np.triu_indices(len(found.labels), 1)
    pairs = [
        (found.labels[i], found.labels[j], int(both[i, j]))
        for i, j in zip(first.tolist(), second.tolist(), strict=True)
        if both[i, j]
    ]
    return sorted(pairs, key=lambda pair: -pair[2])


def as_json(found: Judged, part: str, files: Mapping[str, str]) -> dict[str, object]:
    """Give what programs read; ``files`` names images by their content.

    What is no number, as the precision of a class that nothing is named, is None.
    """
    a = found.accuracy
    return {
        "task": "classification",
        "part": part,
        "accuracy": {"accuracy": a.accuracy, "low": a.low, "high": a.high, "images": a.images},
        "balanced_accuracy": _of_share(found.balanced),
        "classes": [
            _of_class(name, one) for name, one in zip(found.labels, found.classes, strict=True)
        ],
        "confusion": {"labels": list(found.labels), "counts": found.confusion.tolist()},
        "mistakes": [
            {
                "file": files.get(one.content, one.content),
                "true": one.true,
                "predicted": one.predicted,
                "probability": one.probability,
            }
            for one in found.mistakes
        ],
        "groups": [
            {"group": one.group, "correct": one.correct, "images": one.images}
            for one in found.groups
        ],
    }


def _of_class(name: str, one: ClassScores) -> dict[str, object]:
    shares = {"precision": one.precision, "recall": one.recall, "f1": one.f1}
    return {
        "name": name,
        "images": one.images,
        **{key: _number(share.value) for key, share in shares.items()},
        "intervals": {key: [share.low, share.high] for key, share in shares.items()},
    }


def _of_share(share: Share) -> dict[str, float | None]:
    return {"value": _number(share.value), "low": share.low, "high": share.high}


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
