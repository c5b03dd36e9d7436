"""Two runs judged on the same images: which of them one names rightly and the other does not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from core.judging import paired
from core.models import solving
from core.records import ModelCard, Paired, Phase, Split, TrainConfig
from core.run_results.predictions import PartPredictions
from core.words import Message, nsay, say

_PICKED = {"epoch", "phase"}  # choices that make a score on the same images too high
_ORIGINS = ("cloned_from", "refit_of")  # where a config came from, not what it does


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An image of which only one of two models is right."""

    content: str
    true: str
    first: str  # what each of them names it
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """How two models name the same images."""

    split: Split  # the part that they are of
    images: int
    paired: Paired
    fixed: tuple[Change, ...]  # by the second, the surest of the first's mistakes first
    broke: tuple[Change, ...]
    is_optimistic: bool  # one of the models was picked by these images
    head_alone: tuple[str, ...] = ()  # of A and B, those whose fine-tuning was not kept

    @property
    def is_by_groups(self) -> bool:
        """Tell whether images that belong together changed what the test counts."""
        both = self.paired
        return (both.better, both.worse) != (both.fixed, both.broke)


def pair(
    first: PartPredictions,
    second: PartPredictions,
    cards: tuple[ModelCard, ModelCard],
    split: Split = Split.VALIDATION,
) -> Pairing | None:
    """Set the answers of two runs side by side; None: they share no image with one label."""
    labels = cards[0].labels, cards[1].labels
    known = {(c, labels[0][n]): i for i, (c, n) in enumerate(_rows(first))}
    rows = [
        (known[content, labels[1][number]], i)
        for i, (content, number) in enumerate(_rows(second))
        if (content, labels[1][number]) in known
    ]
    if not rows:
        return None
    before, after = np.array(rows).T
    groups = [second.groups[i] for i in after] if second.groups else []
    was_right, is_right = first.right[before], second.right[after]
    changes = _changes(first, second, rows, labels)
    return Pairing(
        split=split,
        images=len(rows),
        paired=paired.compare(was_right, is_right, groups),
        fixed=tuple(change for change in changes if change.second == change.true),
        broke=tuple(change for change in changes if change.first == change.true),
        is_optimistic=split is Split.VALIDATION and any(_PICKED & {*c.picked} for c in cards),
        head_alone=tuple(
            name for name, card in zip("AB", cards, strict=True) if _is_head_alone(card)
        ),
    )


def _is_head_alone(card: ModelCard) -> bool:
    return card.config.thaws and card.kept_phase == Phase.HEAD


def _rows(found: PartPredictions) -> list[tuple[str, int]]:
    return list(zip(found.contents, found.labels.tolist(), strict=True))


def _changes(
    first: PartPredictions,
    second: PartPredictions,
    rows: Sequence[tuple[int, int]],
    labels: tuple[Sequence[str], Sequence[str]],
) -> list[Change]:
    """List the images of which one model alone is right, the surest wrong answer first."""
    right = first.right, second.right
    one_sided = [(i, j) for i, j in rows if right[0][i] != right[1][j]]
    sure = first.probabilities.max(axis=1), second.probabilities.max(axis=1)
    one_sided.sort(key=lambda row: -(sure[1][row[1]] if right[0][row[0]] else sure[0][row[0]]))
    return [
        Change(
            content=first.contents[i],
            true=labels[0][first.labels[i]],
            first=labels[0][first.predicted[i]],
            second=labels[1][second.predicted[j]],
        )
        for i, j in one_sided
    ]


def describe(found: Pairing) -> Iterator[Message]:
    """Say which of A and B is right more often, whether that is chance, and how far to trust it."""
    counts = {"fixed": found.paired.fixed, "broke": found.paired.broke}
    if found.split is Split.TEST:
        yield say("They are compared on the test images, which neither learned from.")
    yield nsay(
        "Of {num} image that both name, B alone is right in {fixed} and A alone in {broke}.",
        "Of {num} images that both name, B alone is right in {fixed} and A alone in {broke}.",
        num=found.images,
        **counts,
    )
    yield _verdict(found)
    if not found.paired.fixed + found.paired.broke:
        for name in found.head_alone:
            yield say("{run} is the head alone: its fine-tuning was not kept.", run=name)
    if found.is_optimistic and found.paired.p < 1:
        yield say(
            "This p is optimistic: these images also picked what is kept of a run, so on new "
            "images the difference may be smaller."
        )


def _verdict(found: Pairing) -> Message:
    both = found.paired
    if not both.fixed + both.broke:
        return say("Both are right and wrong in the same images: no difference.")
    by = (
        say("sign test in which images that belong together count once, p = {p}", p=f"{both.p:.2g}")
        if found.is_by_groups
        else say("exact McNemar test, p = {p}", p=f"{both.p:.2g}")
    )
    if both.is_better or both.is_worse:
        return say(
            "{better} is better by more than chance explains ({test}).",
            better="B" if both.is_better else "A",
            test=by,
        )
    return say("These images cannot show which is better ({test}).", test=by)


def unanswered() -> Message:
    """Say why two scores alone cannot be compared."""
    return say(
        "Which is better is told by how both name the same images. The answers to single images "
        "are not there yet for these runs; overlapping ranges prove nothing."
    )


def differences(first: TrainConfig, second: TrainConfig) -> list[tuple[str, Any, Any]]:
    """Name the settings, of those that either uses, in which two runs differ, with both values."""
    unused = solving.unused(first) & solving.unused(second)
    names = (field.name for field in fields(TrainConfig) if field.name not in {*_ORIGINS, *unused})
    pairs = ((name, getattr(first, name), getattr(second, name)) for name in names)
    return [(name, a, b) for name, a, b in pairs if a != b]
