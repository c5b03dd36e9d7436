"""What the rules read of a run of numbers: how far off it is, beside always saying the mean.

The mean square and the mean of the errors of single images are both in the metrics, so how far
those spread is known (the first less the square of the second), and with it how sure a mean is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt
from statistics import median
from typing import Self

import numpy as np

from core.insights.coaching.figures import Bounds
from core.judging.numbers import written
from core.judging.statistics import Z95, student
from core.records import (
    Dataset,
    EpochMetrics,
    ImageRecord,
    LearnedTarget,
    ModelCard,
    NumberScore,
    Target,
    TrainConfig,
)
from core.words import Message, nsay, say

_LEAST = 3  # images, of which a spread tells something
_RISE = 2.0  # standard errors; both epochs are judged on the same images, so this is quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances:
    """What always the mean is off by, and what the kept model came to; see `TaskFigures`.

    How wrong a model is are shares of what always the mean is off by on the training images.
    """

    target: Target | LearnedTarget
    mean_trained: float  # by what always saying the mean is off on the training images
    mean_judged: float  # the same in validation
    score: NumberScore | None = None  # of the kept model, as its verdict has it

    @classmethod
    def of_images(
        cls, dataset: Dataset, train: Sequence[ImageRecord], validation: Sequence[ImageRecord]
    ) -> Self | None:
        if dataset.target is None or not train or not validation:
            return None
        learned, others = (np.array([i.number for i in part]) for part in (train, validation))
        mean = learned.mean()
        off, off_others = (float(np.abs(part - mean).mean()) for part in (learned, others))
        return cls(target=dataset.target, mean_trained=off, mean_judged=off_others) if off else None

    @classmethod
    def of_card(cls, card: ModelCard) -> Self | None:
        """Say what a card knows of it, of a run whose images are gone."""
        score, target = card.numbers, card.target
        if score is None or target is None or not score.mean_mae:
            return None
        off = score.mean_mae
        return cls(target=target, mean_trained=off, mean_judged=off, score=score)

    def with_score(self, card: ModelCard) -> Self:
        return replace(self, score=card.numbers)

    @property
    def always_trained(self) -> float:
        return 1.0

    @property
    def always_judged(self) -> float:
        return self.mean_judged / self.mean_trained

    @property
    def is_uneven(self) -> bool:
        return False

    def settled(self, epoch: EpochMetrics) -> EpochMetrics:
        if self.score is None:
            return epoch
        return replace(epoch, val_mae=self.score.mae, val_loss=self.score.rmse**2)

    def trained(self, epoch: EpochMetrics, num: int, z: float = Z95) -> Bounds:
        return self._bounds(epoch.mae or 0.0, _error(epoch.mae, epoch.loss, num, z))

    def judged(self, epoch: EpochMetrics, num: int, z: float = Z95) -> Bounds:
        score = self.score
        if score is not None and (epoch.val_mae, z) == (score.mae, Z95):
            found = (score.mae, score.mae_low, score.mae_high)
            return Bounds(*(bound / self.mean_trained for bound in found))
        return self._bounds(epoch.val_mae or 0.0, _error(epoch.val_mae, epoch.val_loss, num, z))

    def _bounds(self, mean: float, error: float) -> Bounds:
        found = (mean, max(0.0, mean - error), mean + error)
        return Bounds(*(bound / self.mean_trained for bound in found))

    def watched(self, epoch: EpochMetrics) -> tuple[float, float]:
        return epoch.mae or 0.0, epoch.val_mae or 0.0

    def by_chance(self, epochs: Sequence[EpochMetrics], num: int) -> float:
        return median(_error(epoch.val_mae, epoch.val_loss, num, _RISE) for epoch in epochs)

    def say_washed_away(self, before: Bounds, now: Bounds) -> Message:
        return say(
            "Fine-tuning washes away what the backbone knows: on the validation images it was off "
            "by {before} on average before it, and now by {now} at least.",
            before=self._amount(before.at),
            now=self._amount(now.at),
        )

    def say_rising(self) -> Message:
        return say("The learning rate is too high: the error on the training images rises.")

    def say_jumping(self) -> Message:
        return say(
            "The learning rate is too high: the error on the training images jumps up and down and "
            "does not settle."
        )

    def say_stuck(self, num: int) -> Message:
        return say(
            "After {num} epochs it is no nearer than always saying the mean would be, which is off "
            "by {mae} on average.",
            num=num,
            mae=self._amount(self.always_judged),
        )

    def say_overfitting(self, epoch: int) -> Message:
        return say(
            "Overfitting since epoch {epoch}: the error on the validation images rises while that "
            "on the training images falls, so it learns these by heart.",
            epoch=epoch,
        )

    def say_gap(self, trained: Bounds, judged: Bounds) -> Message:
        return say(
            "It is nearer on the training images than on new ones (off by {training} against "
            "{validation}, {range}): some of them it learned by heart.",
            **self._both(trained, judged),
        )

    def say_cannot_show(self, trained: Bounds, judged: Bounds) -> Message:
        return say(
            "It was off by {training} on the training images and by {validation} ({range}) on the "
            "validation images: so few images cannot show whether it knows some by heart.",
            **self._both(trained, judged),
        )

    def say_above_by_chance(self, num: int) -> Message:
        return nsay(
            "It is nearer on validation than on training images: with {num} validation image that "
            "may be chance.",
            "It is nearer on validation than on training images: with {num} validation images that "
            "may be chance.",
            num=num,
        )

    def say_why_above(self, config: TrainConfig, *, is_solved: bool) -> Message:
        if config.dropout and not is_solved:
            return say(
                "It is nearer on validation than on training images since Dropout hides clues only "
                "while it learns: nothing is wrong."
            )
        if config.augmentation != "none":
            return say(
                "It is nearer on validation than on training images since it learns from "
                "variations (Augmentation), which are harder than the images themselves: nothing "
                "is wrong."
            )
        return say(
            "It is nearer on validation than on training images by more than chance: these may be "
            "easier, or resemble training images. The check on the Data page finds near-duplicates."
        )

    def say_few(self, num: int, likely: Bounds) -> Message:
        if likely.high == inf:
            return nsay(
                "{num} validation image is too few to say how far off it is.",
                "{num} validation images are too few to say how far off it is.",
                num=num,
            )
        return nsay(
            "{num} validation image is few: on others like it the error may be {range} on "
            "average, so small steps of the dashed lines mean nothing.",
            "{num} validation images are few: on others like them the error may be {range} on "
            "average, so small steps of the dashed lines mean nothing.",
            num=num,
            range=self._span(likely),
        )

    def say_judged(self, found: Bounds) -> tuple[Message, Message]:
        return self._amount(found.at), self._span(found)

    def _amount(self, share: float) -> Message:
        return written.amount(share * self.mean_trained, self.target)

    def _span(self, found: Bounds) -> Message:
        low, high = (bound * self.mean_trained for bound in found.span)
        return written.interval(low, high, self.target)

    def _both(self, trained: Bounds, judged: Bounds) -> Mapping[str, Message]:
        validation = {"validation": self._amount(judged.at), "range": self._span(judged)}
        return {"training": self._amount(trained.at), **validation}


def _error(mean: float | None, square: float | None, num: int, z: float) -> float:
    """Give how far a mean absolute error of so many images may be off, as Student's t has it."""
    if mean is None or square is None or num < _LEAST:
        return inf
    spread = max(0.0, square - mean**2)
    return student(z, num - 1) * sqrt(spread / (num - 1))
