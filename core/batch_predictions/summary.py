"""What a batch shows: counts by class and by sub-folder, and a score where folders tell classes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core import natural
from core.batch_predictions import labelled
from core.datasets import duplicates
from core.judging.evaluation import by_groups, scores
from core.judging.evaluation.scores import ClassScores, Share
from core.records import ClassCount, Prediction
from core.records.batches import BatchRow

_UNREADABLE, _UNKNOWN = "", "/"  # no classes: a name has neither


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderCount:
    """How many images of one folder were named as each class."""

    folder: str  # its path; empty: the outermost
    counts: tuple[int, ...]  # in the order of `Summary.classes`
    num_unknown: int
    num_unreadable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was named how often, and where."""

    classes: tuple[ClassCount, ...]  # that were named at all, the most frequent first
    folders: tuple[FolderCount, ...]
    num_answered: int
    num_unknown: int  # of these, like nothing that was learned: of no class
    num_unreadable: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FolderScores:
    """How the answers agree with the folders in which images lie, taken for their classes."""

    labels: tuple[str, ...]  # those that are a folder or were named, as people count
    accuracy: Share
    balanced: Share
    classes: tuple[ClassScores, ...]
    confusion: NDArray[np.int64]  # (true, predicted)
    num_images: int
    num_groups: int  # that these make: bursts and near-duplicates, and images that stand alone
    num_unknown: int  # images in such folders that are like nothing learned: not counted
    num_other: int  # images that lie in no such folder
    num_known: int  # images in such folders that are in the data set of the model: not counted


def folder_of_file(file: str) -> str:
    """Give the folder in which a file lies; empty for none."""
    return file.rpartition("/")[0]


def summarise(rows: Sequence[BatchRow]) -> Summary:
    """Count answers by class and by folder."""
    by_folder: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        by_folder[folder_of_file(row.answer.file)][_named(row.answer)] += 1
    total = sum(by_folder.values(), Counter[str]())
    unreadable, unknown = total.pop(_UNREADABLE, 0), total.pop(_UNKNOWN, 0)
    known = sorted(total, key=lambda label: (-total[label], natural.sort_key(label)))
    return Summary(
        classes=tuple(ClassCount(name=label, count=total[label]) for label in known),
        folders=tuple(
            FolderCount(
                folder=folder,
                counts=tuple(by_folder[folder][label] for label in known),
                num_unknown=by_folder[folder][_UNKNOWN],
                num_unreadable=by_folder[folder][_UNREADABLE],
            )
            for folder in sorted(by_folder, key=natural.sort_key)
        ),
        num_answered=total.total() + unknown,
        num_unknown=unknown,
        num_unreadable=unreadable,
    )


def _named(answer: Prediction) -> str:
    if answer.problem is not None:
        return _UNREADABLE
    if answer.number is not None:
        return "number"  # there are no classes to be counted
    return _UNKNOWN if answer.unknown else answer.label


def score(
    rows: Sequence[BatchRow], labels: Sequence[str], known_images: Collection[str] = ()
) -> FolderScores | None:
    """Judge answers by the folders of a labelled batch; None where the folders are no classes.

    They are where at least two of them are called as classes, and hold most of the images. Images
    of ``known_images``, by their contents, are not counted.
    """
    answered = [row for row in rows if row.answer.problem is None]
    known = labelled.keys(labels)
    folders = [folder_of_file(row.answer.file) for row in answered]
    of_folder = {folder: labelled.class_of(folder, known) for folder in set(folders)}
    told = [(row, of_folder[f]) for row, f in zip(answered, folders, strict=True) if of_folder[f]]
    if len({true for _, true in told}) < 2 or 2 * len(told) <= len(answered):
        return None
    new = [(row, true) for row, true in told if row.content not in known_images]
    found = _scored([(row, true) for row, true in new if not row.answer.unknown])
    return replace(
        found,
        num_unknown=len(new) - found.num_images,
        num_other=len(answered) - len(told),
        num_known=len(told) - len(new),
    )


def _scored(told: Sequence[tuple[BatchRow, str]]) -> FolderScores:
    pairs = [(true, row.answer.label) for row, true in told]
    labels = sorted({label for pair in pairs for label in pair}, key=natural.sort_key)
    number = {label: index for index, label in enumerate(labels)}
    true, named = (np.array([number[pair[i]] for pair in pairs], np.int64) for i in (0, 1))
    num, bound = len(labels), groups([row for row, _ in told])
    return FolderScores(
        labels=tuple(labels),
        accuracy=scores.accuracy(true, named, groups=bound),
        balanced=scores.balanced_accuracy(true, named, num_classes=num, groups=bound),
        classes=scores.of_classes(true, named, num_classes=num, groups=bound),
        confusion=scores.confusion(true, named, num_classes=num),
        num_images=len(told),
        num_groups=len(set(by_groups.numbers(bound).tolist())) if bound else len(told),
        num_unknown=0,
        num_other=0,
        num_known=0,
    )


def groups(rows: Sequence[BatchRow]) -> list[str] | None:
    """Group bursts, equal pictures and near-duplicates, as in a data set; None: all stand alone."""
    names, contents = [row.answer.file for row in rows], [row.content for row in rows]
    signatures = [row.signature for row in rows]
    bound = duplicates.bound_groups(names, contents, signatures if all(signatures) else ())
    return duplicates.group_names(contents, bound) if bound else None
