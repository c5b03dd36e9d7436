"""Two runs before and after changes to the data, judged anew on the images that both know.

What is compared are the validation images of both versions, with the labels of the newer one. Where
those were changed because the first model disagreed with them, both look better than they are.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.insights import score_texts
from core.judging import paired
from core.judging.evaluation import scores
from core.records import Accuracy, Paired
from core.run_results.predictions import PartPredictions
from core.words import Message, nsay, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """How the models of two versions name the validation images that both versions have."""

    first: Accuracy  # of the model from before, with the labels of the newer version
    second: Accuracy
    paired: Paired
    relabelled: int  # of these images
    left_out: int  # validation images of the earlier version that the newer one has no more
    added: int  # the other way round


def rescore(
    first: PartPredictions,
    first_labels: Sequence[str],
    second: PartPredictions,
    second_labels: Sequence[str],
) -> Rescored | None:
    """Judge both on the images that they share; None: there are none.

    Labels are the classes in the order of the outputs of each. Classes are matched by their names:
    of a class that came later the first model can be right of no image.
    """
    before = _by_content(first, first_labels)
    rows = [i for i, content in enumerate(second.contents) if content in before]
    if not rows:
        return None
    true = [second_labels[second.labels[i]] for i in rows]
    groups = [second.groups[i] for i in rows] if len(second.groups) else [""] * len(rows)
    was_right = np.array(
        [before[second.contents[i]].named == name for i, name in zip(rows, true, strict=True)],
        np.bool_,
    )
    is_right = second.right[rows]
    here = {second.contents[i] for i in rows}
    return Rescored(
        first=_accuracy(was_right, true, groups),
        second=_accuracy(is_right, true, groups),
        paired=paired.compare(was_right, is_right, groups),
        relabelled=sum(
            name not in before[second.contents[i]].labels
            for i, name in zip(rows, true, strict=True)
        ),
        left_out=len(before.keys() - here),
        added=len(second.contents) - len(rows),
    )


def sentences(found: Rescored) -> Iterator[Message]:
    """Say which model is right more often, whether that is chance, and how far to trust it."""
    yield nsay(
        "On the {num} validation image that both versions have, with the newest labels: before "
        "{first}, now {second}.",
        "On the {num} validation images that both versions have, with the newest labels: before "
        "{first}, now {second}.",
        num=found.first.images,
        first=score_texts.short(found.first),
        second=score_texts.short(found.second),
    )
    yield _difference(found.paired)
    yield from _changed(found)


def _difference(both: Paired) -> Message:
    counts = {"fixed": both.fixed, "broke": both.broke}
    if both.is_better:
        return say(
            "It is better by more than chance: {fixed} were put right, {broke} wrong.", **counts
        )
    if both.is_worse:
        return say(
            "It is worse by more than chance: {fixed} were put right, {broke} wrong.", **counts
        )
    return say(
        "These images cannot show which is better: {fixed} were put right, {broke} wrong.", **counts
    )


def _changed(found: Rescored) -> Iterator[Message]:
    """Count the changes that judge; what was changed by a model's word flatters the models."""
    yield nsay(
        "{num} of these validation labels was changed.",
        "{num} of these validation labels were changed.",
        num=found.relabelled,
    )
    if found.left_out:
        yield nsay(
            "{num} validation image is no longer there.",
            "{num} validation images are no longer there.",
            num=found.left_out,
        )
    if found.relabelled or found.left_out:
        yield say(
            "These scores are optimistic: what was changed is where the first model disagreed."
        )


@dataclass(slots=True)
class _Before:
    """One picture in the answers of the first model; its pixels may have come in twice."""

    named: str
    labels: set[str]


def _by_content(found: PartPredictions, labels: Sequence[str]) -> dict[str, _Before]:
    given: dict[str, set[str]] = defaultdict(set)
    for content, label in zip(found.contents, found.labels.tolist(), strict=True):
        given[content].add(labels[label])
    named = zip(found.contents, found.predicted.tolist(), strict=True)
    return {c: _Before(named=labels[number], labels=given[c]) for c, number in named}


def _accuracy(right: NDArray[np.bool_], true: Sequence[str], groups: Sequence[str]) -> Accuracy:
    largest = int(np.unique(list(true), return_counts=True)[1].max())
    return scores.measured(right, groups, largest_class=largest)
