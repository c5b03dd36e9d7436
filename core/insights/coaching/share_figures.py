"""What the rules read of a run of classes: shares of images that are named wrongly."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import median
from typing import Self

from core.insights.coaching.figures import Bounds
from core.judging import shares
from core.judging.statistics import Z95, score_interval
from core.records import Accuracy, Dataset, EpochMetrics, ImageRecord, ModelCard, TrainConfig
from core.words import Message, nsay, say

SPREAD = 2.0  # the losses of single images spread by at most so many means, by and large
_UNEVEN = 1.5  # the largest class this much larger than an even share


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How large the largest classes are, and what the kept model came to; see `TaskFigures`."""

    train_majority: float  # share of the largest class
    majority: float  # of the same in validation
    num_classes: int
    score: Accuracy | None = None  # of the kept model, as its verdict has it

    @classmethod
    def of_images(
        cls, dataset: Dataset, train: Sequence[ImageRecord], validation: Sequence[ImageRecord]
    ) -> Self:
        return cls(
            train_majority=_largest(train),
            majority=_largest(validation),
            num_classes=len({i.label for i in (*train, *validation)}),
        )

    @classmethod
    def of_card(cls, card: ModelCard) -> Self | None:
        """Say what a card knows of it, of a run whose images are gone."""
        score = card.validation
        if score is None:
            return None
        return cls(
            train_majority=score.majority,
            majority=score.majority,
            num_classes=len(card.labels),
            score=score,
        )

    def with_score(self, card: ModelCard) -> Self:
        return replace(self, score=card.validation)

    @property
    def always_trained(self) -> float:
        return 1 - self.train_majority

    @property
    def always_judged(self) -> float:
        return 1 - self.majority

    @property
    def is_uneven(self) -> bool:
        return self.train_majority * self.num_classes > _UNEVEN

    def settled(self, epoch: EpochMetrics) -> EpochMetrics:
        return replace(epoch, val_accuracy=self.score.accuracy) if self.score else epoch

    def trained(self, epoch: EpochMetrics, num: int, z: float = Z95) -> Bounds:
        return _wrong(epoch.accuracy, score_interval(epoch.accuracy, num, z))

    def judged(self, epoch: EpochMetrics, num: int, z: float = Z95) -> Bounds:
        share, score = epoch.val_accuracy or 0.0, self.score
        if score is not None and (share, z) == (score.accuracy, Z95):
            return _wrong(share, (score.low, score.high))
        return _wrong(share, score_interval(share, num, z))

    def watched(self, epoch: EpochMetrics) -> tuple[float, float]:
        return epoch.loss, epoch.val_loss or 0.0

    def by_chance(self, epochs: Sequence[EpochMetrics], num: int) -> float:
        return SPREAD * median(epoch.val_loss or 0.0 for epoch in epochs) / sqrt(num)

    def say_judged(self, found: Bounds) -> tuple[Message, Message]:
        return _right(found), _span(found)

    def say_washed_away(self, before: Bounds, now: Bounds) -> Message:
        return say(
            "Fine-tuning washes away what the backbone knows: {before} of the validation images "
            "were right before it, now at most {now}.",
            before=_right(before),
            now=_right(now),
        )

    def say_rising(self) -> Message:
        return say("The learning rate is too high: the loss on the training images rises.")

    def say_jumping(self) -> Message:
        return say(
            "The learning rate is too high: the loss on the training images jumps up and down and "
            "does not settle."
        )

    def say_stuck(self, num: int) -> Message:
        return say(
            "After {num} epochs it is right no more often than always naming the largest class "
            "would be.",
            num=num,
        )

    def say_overfitting(self, epoch: int) -> Message:
        return say(
            "Overfitting since epoch {epoch}: the loss on the validation images rises while that "
            "on the training images falls, so it learns these by heart.",
            epoch=epoch,
        )

    def say_gap(self, trained: Bounds, judged: Bounds) -> Message:
        return say(
            "It knows the training images better than new ones ({training} against {validation}, "
            "{range}): some of them it learned by heart.",
            **_both(trained, judged),
        )

    def say_cannot_show(self, trained: Bounds, judged: Bounds) -> Message:
        return say(
            "It was right in {training} of the training images and in {validation} ({range}) of "
            "the validation images: so few images cannot show whether it knows some by heart.",
            **_both(trained, judged),
        )

    def say_above_by_chance(self, num: int) -> Message:
        return nsay(
            "Validation lies above training: with {num} validation image that may be chance.",
            "Validation lies above training: with {num} validation images that may be chance.",
            num=num,
        )

    def say_why_above(self, config: TrainConfig, *, is_solved: bool) -> Message:
        if config.dropout and not is_solved:
            return say(
                "Validation lies above training since Dropout hides clues only while it learns: "
                "nothing is wrong."
            )
        if config.augmentation != "none":
            return say(
                "Validation lies above training since it learns from variations (Augmentation), "
                "which are harder than the images themselves: nothing is wrong."
            )
        return say(
            "Validation lies above training by more than chance: these images may be easier, or "
            "resemble training images. The check on the Data page finds near-duplicates."
        )

    def say_few(self, num: int, likely: Bounds) -> Message:
        return nsay(
            "{num} validation image is few: the true share may lie anywhere from {range}, so "
            "small steps of the dashed lines mean nothing.",
            "{num} validation images are few: the true share may lie anywhere from {range}, so "
            "small steps of the dashed lines mean nothing.",
            num=num,
            range=_span(likely),
        )


def _largest(images: Iterable[ImageRecord]) -> float:
    counts = Counter(image.label for image in images)
    return max(counts.values()) / counts.total() if counts else 0.0


def _wrong(right: float, interval: tuple[float, float]) -> Bounds:
    low, high = interval
    return Bounds(1 - right, 1 - high, 1 - low)


def _right(found: Bounds) -> Message:
    return shares.percent(_exact(1 - found.at))


def _span(found: Bounds) -> Message:
    return shares.span(_exact(1 - found.high), _exact(1 - found.low))


def _exact(share: float) -> float:
    """Undo what taking a share from 1 and back loses, which rounding to percents would show."""
    return round(share, 12)


def _both(trained: Bounds, judged: Bounds) -> Mapping[str, Message]:
    return {"training": _right(trained), "validation": _right(judged), "range": _span(judged)}
