"""How wrong a model is as its task counts it, and how that is told: what the rules read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from core.judging.statistics import Z95
from core.records import EpochMetrics, ModelCard, TrainConfig
from core.words import Message


@dataclass(frozen=True, slots=True)
class Bounds:
    """How wrong a model is, and between what it may be; 0: never, or not at all."""

    at: float
    low: float
    high: float

    @property
    def span(self) -> tuple[float, float]:
        return self.low, self.high


class TaskFigures(Protocol):
    """The figures of a task. How wrong a model is lies near 0 to 1, whatever the unit."""

    def with_score(self, card: ModelCard) -> Self:
        """Take the verdict of the kept model in."""
        ...

    @property
    def always_trained(self) -> float:
        """Give how wrong one is on the training images who never looks at a picture."""
        ...

    @property
    def always_judged(self) -> float:
        """Give the same on the validation images."""
        ...

    @property
    def is_uneven(self) -> bool:
        """Tell whether one class is so large that class weights may help."""
        ...

    def settled(self, epoch: EpochMetrics) -> EpochMetrics:
        """Give an epoch as its model was judged in the end, if it was."""
        ...

    def trained(self, epoch: EpochMetrics, num: int, z: float = Z95) -> Bounds:
        """Give how wrong it was on so many training images."""
        ...

    def judged(self, epoch: EpochMetrics, num: int, z: float = Z95) -> Bounds:
        """Give the same of validation images; of the model's, its verdict's."""
        ...

    def watched(self, epoch: EpochMetrics) -> tuple[float, float]:
        """Give what is to fall: on the training images, and on those of validation."""
        ...

    def by_chance(self, epochs: Sequence[EpochMetrics], num: int) -> float:
        """Give by how much so few validation images may set that off."""
        ...

    def say_judged(self, found: Bounds) -> tuple[Message, Message]: ...
    def say_washed_away(self, before: Bounds, now: Bounds) -> Message: ...
    def say_rising(self) -> Message: ...
    def say_jumping(self) -> Message: ...
    def say_stuck(self, num: int) -> Message: ...
    def say_overfitting(self, epoch: int) -> Message: ...
    def say_gap(self, trained: Bounds, judged: Bounds) -> Message: ...
    def say_cannot_show(self, trained: Bounds, judged: Bounds) -> Message: ...
    def say_above_by_chance(self, num: int) -> Message: ...
    def say_why_above(self, config: TrainConfig, *, is_solved: bool) -> Message: ...
    def say_few(self, num: int, likely: Bounds) -> Message: ...
