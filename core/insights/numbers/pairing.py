"""Two models of numbers on the same pictures: which of them is nearer, and is that chance?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.judging.numbers import scoring, written
from core.records import LearnedTarget, Paired, Split
from core.run_results.numbers import NumberAnswers
from core.words import Message, nsay, say


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPairing:
    """How near two models are on the same images."""

    split: Split
    images: int
    paired: Paired  # fixed: images on which the second is nearer
    gain: float  # by how much the mean absolute error of the second is less
    low: float  # 95 %
    high: float
    changes: tuple[tuple[str, float, float, float], ...]  # content, true, first, second


def pair(first: NumberAnswers, second: NumberAnswers, split: Split) -> NumberPairing | None:
    """Set the answers of two runs side by side; None: they share no image with one number."""
    known = {(c, float(t)): i for i, (c, t) in enumerate(_rows(first))}
    rows = [(known[key], j) for j, key in enumerate(_rows(second)) if key in known]
    if not rows:
        return None
    before, after = np.array(rows).T
    true, groups = second.true[after], [second.groups[j] for j in after]
    a, b = first.said[before], second.said[after]
    gain, low, high = scoring.change(true, a, b, groups)
    apart = np.argsort(-np.abs(np.abs(a - true) - np.abs(b - true)), kind="stable")
    return NumberPairing(
        split=split,
        images=len(rows),
        paired=scoring.nearer(np.abs(a - true), np.abs(b - true), groups),
        gain=gain,
        low=low,
        high=high,
        changes=tuple(
            (second.contents[after[i]], float(true[i]), float(a[i]), float(b[i])) for i in apart
        ),
    )


def _rows(found: NumberAnswers) -> list[tuple[str, float]]:
    return [(c, float(t)) for c, t in zip(found.contents, found.true, strict=True)]


def describe(found: NumberPairing, target: LearnedTarget) -> Iterator[Message]:
    """Say which of A and B is nearer, by how much, and whether that is chance."""
    if found.split is Split.TEST:
        yield say("They are compared on the test images, which neither learned from.")
    yield nsay(
        "Of {num} image that both read, B is nearer in {nearer} and A in {farther}.",
        "Of {num} images that both read, B is nearer in {nearer} and A in {farther}.",
        num=found.images,
        nearer=found.paired.fixed,
        farther=found.paired.broke,
    )
    yield say(
        "On average B is off by {gain} less than A ({low} to {high}).",
        gain=written.amount(found.gain, target),
        low=written.rounded(found.low, target),
        high=written.amount(found.high, target),
    )
    p = f"{found.paired.p:.2g}"
    if found.paired.is_better or found.paired.is_worse:
        better = "B" if found.paired.is_better else "A"
        yield say("{better} is nearer by more than chance explains (sign test, p = {p}).",
                  better=better, p=p)  # fmt: skip
    else:
        yield say("These images cannot show which is nearer (sign test, p = {p}).", p=p)


def unanswered() -> Message:
    """Say why two errors alone cannot be compared."""
    return say(
        "Which is nearer is told by what both answer on the same images. The answers to single "
        "images are not there for these runs; overlapping ranges prove nothing."
    )
