"""What a model gets right and what it mixes up: confusion matrix, classes, balanced accuracy.

Rows of a matrix are the true classes, columns the predicted ones. Intervals are 95 %; where images
come in groups, they follow from leaving out one group after the other (`by_groups`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.judging import statistics
from core.judging.evaluation import by_groups
from core.judging.statistics import score_interval
from core.records import Accuracy

Array = NDArray[np.float64]
Statistic = Callable[[Array], Array]  # tallies (..., 3, classes) -> shares (..., classes)


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its interval; not a number, 0 to 1, where there is nothing to take it of."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScores:
    """What a model makes of one class."""

    precision: Share  # of the images named so, how many are
    recall: Share  # of the images that are, how many are named so
    f1: Share  # harmonic mean of both
    images: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupScore:
    """How many images of one group are right."""

    group: str
    correct: int
    images: int


def confusion(true: NDArray, predicted: NDArray, *, num_classes: int) -> NDArray[np.int64]:
    """Count images by true and predicted class: (classes, classes) int64.

    ``true``, ``predicted``: (images,) int.
    """
    cells = np.asarray(true, np.int64) * num_classes + np.asarray(predicted, np.int64)
    return np.bincount(cells, minlength=num_classes**2).reshape(num_classes, num_classes)


def of_classes(
    true: NDArray, predicted: NDArray, *, num_classes: int, groups: list[str] | None = None
) -> tuple[ClassScores, ...]:
    """Score each class. ``true``, ``predicted``: (images,) int; ``groups``: of each image.

    The interval of precision and recall is Wilson's; that of F1 follows from it, since
    F1 = 2 J / (1 + J) with J = hits / (hits + misses + false alarms), a share of images. Of a
    class without images none is a number: these images cannot show whether it is found.
    """
    whole, left = _tallies(true, predicted, num_classes, groups)
    hits, images, named = whole
    there = images > 0
    alone = _alone(true, predicted, num_classes, groups)
    columns = (
        _shares(whole, left, _precision, named * there, alone[0]),
        _shares(whole, left, _recall, images, alone[1]),
        _shares(whole, left, _jaccard, (images + named - hits) * there, alone[2]),
    )
    return tuple(
        ClassScores(precision=precision, recall=recall, f1=_f1(jaccard), images=int(num))
        for precision, recall, jaccard, num in zip(*columns, images, strict=True)
    )


def accuracy(true: NDArray, predicted: NDArray, *, groups: list[str] | None = None) -> Share:
    """Give the share of right answers. ``true``, ``predicted``: (images,) int."""
    if not len(true):
        return Share(float("nan"), 0.0, 1.0)
    right = np.asarray(true == predicted, np.float64)
    share = float(right.mean())
    if groups is None:
        return Share(share, *score_interval(share, len(true)))
    number = by_groups.numbers(groups)
    others = len(true) - np.bincount(number)
    left = _divide(right.sum() - np.bincount(number, right), others)
    return Share(share, *by_groups.interval(share, left, len(true)))


def measured(right: NDArray[np.bool_], groups: Sequence[str], *, largest_class: int) -> Accuracy:
    """Give the accuracy of a part as it is kept, its interval by groups where there are any.

    ``right``: (images,) bool, which images are named rightly; ``groups``: of each image.
    """
    plain = statistics.accuracy(int(right.sum()), len(right), largest_class=largest_class)
    if not any(groups):
        return plain
    share = accuracy(np.ones(len(right), bool), right, groups=list(groups))
    return replace(plain, low=share.low, high=share.high)


def balanced_accuracy(
    true: NDArray, predicted: NDArray, *, num_classes: int, groups: list[str] | None = None
) -> Share:
    """Give the mean recall over the classes that are there (Brodersen et al., ICPR 2010).

    Its interval is the score interval of K^2 / sum(1 / n_k) images, by which the variance of the
    mean is that of one share. ``true``, ``predicted``: (images,) int.
    """
    whole, left = _tallies(true, predicted, num_classes, groups)
    value = float(_balanced(whole))
    if np.isnan(value):
        return Share(value, 0.0, 1.0)
    support = whole[1][whole[1] > 0]
    images = len(support) ** 2 / float((1 / support).sum())
    if left is None:
        return Share(value, *score_interval(value, images))
    return Share(value, *by_groups.interval(value, _balanced(left), images))


def of_groups(true: NDArray, predicted: NDArray, groups: list[str]) -> tuple[GroupScore, ...]:
    """Score each group, the worst first; images without a group are left out.

    ``true``, ``predicted``: (images,) int.
    """
    names = np.array(groups)
    found = (
        GroupScore(
            group=str(name),
            correct=int((true == predicted)[names == name].sum()),
            images=int((names == name).sum()),
        )
        for name in np.unique(names[names != ""])
    )
    return tuple(sorted(found, key=lambda one: (one.correct / one.images, -one.images, one.group)))


def _tallies(
    true: NDArray, predicted: NDArray, num_classes: int, groups: list[str] | None
) -> tuple[Array, Array | None]:
    """Count hits, images and images named so of each class: (3, classes).

    Beside it the same without each group, (groups, 3, classes), where there are groups.
    """
    number = by_groups.numbers(groups) if groups else np.zeros(len(true), np.int64)
    num_groups = int(number.max(initial=-1)) + 1
    right = true == predicted
    counted = [
        np.bincount(number[kept] * num_classes + of[kept], minlength=num_groups * num_classes)
        for of, kept in ((true, right), (true, right | True), (predicted, right | True))
    ]
    tallies = np.stack([c.reshape(num_groups, num_classes) for c in counted], axis=1)
    whole: Array = tallies.sum(axis=0).astype(np.float64)
    return whole, (whole - tallies if groups is not None else None)


def _precision(tallies: Array) -> Array:
    return _divide(tallies[..., 0, :], tallies[..., 2, :])


def _recall(tallies: Array) -> Array:
    return _divide(tallies[..., 0, :], tallies[..., 1, :])


def _jaccard(tallies: Array) -> Array:
    hits, images, named = np.moveaxis(tallies, -2, 0)
    return _divide(hits, images + named - hits)


def _balanced(tallies: Array) -> Array:
    recall = _recall(tallies)
    there = np.isfinite(recall)
    return _divide(np.where(there, recall, 0.0).sum(axis=-1), there.sum(axis=-1))


def _divide(part: NDArray, whole: NDArray) -> Array:
    """Divide; not a number where there is nothing to divide by."""
    found: Array = np.full(np.broadcast(part, whole).shape, np.nan)
    return np.divide(part, whole, out=found, where=np.asarray(whole) > 0)


def _alone(
    true: NDArray, predicted: NDArray, num_classes: int, groups: list[str] | None
) -> NDArray[np.bool_]:
    """Tell whether none of the images behind a share belongs with another: (3, classes) bool.

    Behind the precision of each class, its recall, and its F1.
    """
    if groups is None:
        return np.ones((3, num_classes), bool)
    number, classes = by_groups.numbers(groups), range(num_classes)
    behind = [(predicted == k, true == k, (predicted == k) | (true == k)) for k in classes]
    found = [[len(np.unique(number[m])) == m.sum() for m in masks] for masks in behind]
    return np.array(found, bool).reshape(num_classes, 3).T


def _shares(
    whole: Array,
    left: Array | None,
    statistic: Statistic,
    images: NDArray,
    alone: NDArray[np.bool_],
) -> list[Share]:
    """Give a statistic of each class with its interval; ``alone``: of each, whether no groups."""
    moved = None if left is None else statistic(left)
    return [
        _share(float(value), float(num), None if moved is None or alone[k] else moved[:, k])
        for k, (value, num) in enumerate(zip(statistic(whole), images, strict=True))
    ]


def _share(value: float, images: float, moved: Array | None) -> Share:
    if not images:
        return Share(float("nan"), 0.0, 1.0)
    if moved is None:
        return Share(value, *score_interval(value, images))
    return Share(value, *by_groups.interval(value, moved, images))


def _f1(jaccard: Share) -> Share:
    return Share(*(2 * j / (1 + j) for j in (jaccard.value, jaccard.low, jaccard.high)))
