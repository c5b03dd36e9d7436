"""The epochs of a run, what they stand on, and how advice that follows from them looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core import datasets
from core.insights.coaching.figures import Bounds, TaskFigures
from core.insights.coaching.number_figures import Distances
from core.insights.coaching.remedies import Remedy
from core.insights.coaching.share_figures import Shares
from core.judging.statistics import Z95
from core.models import solving
from core.records import EpochMetrics, ModelCard, Phase, Split, TrainConfig
from core.records.choices import CLASSIFICATION, REGRESSION
from core.words import Message
from core.workspace import Workspace

LAST = 3  # epochs that must agree


class AdviceKind(StrEnum):
    """What there is to say of curves."""

    RATE = "rate"  # too high
    STUCK = "stuck"  # no better than always the largest class, or the mean
    OVERFITTING = "overfitting"
    GAP = "gap"  # training images are known better than new ones
    ABOVE = "above"  # validation is better than training
    FEW = "few"  # images, too few to tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How much stands behind the curves of a run."""

    num_train: int
    num_validation: int
    witnesses: int  # validation images; those of a group are one
    figures: TaskFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing to know of a run that trains or has ended, and what mends it, if that is needed."""

    kind: AdviceKind
    seen: Message
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """The epochs of the phase under way, what came before, and what they stand on."""

    config: TrainConfig
    epochs: Sequence[EpochMetrics]
    before: EpochMetrics | None  # the last of the phase before
    evidence: Evidence

    @property
    def phase(self) -> Phase:
        return self.epochs[-1].phase

    @property
    def is_solved(self) -> bool:
        return self.phase is Phase.HEAD and solving.solves(self.config)

    @property
    def last(self) -> Sequence[EpochMetrics]:
        return self.epochs[-LAST:]

    def number(self, index: int) -> int:
        """Count an epoch through both phases, as the charts do."""
        return self.epochs[index].epoch + (self.before.epoch if self.before else 0)

    def judged(self, epoch: EpochMetrics, z: float = Z95) -> Bounds:
        """Give how wrong it was on the validation images of an epoch."""
        return self.evidence.figures.judged(epoch, self.evidence.witnesses, z)

    def trained(self, epoch: EpochMetrics, z: float = Z95) -> Bounds:
        """Give the same of the training images."""
        return self.evidence.figures.trained(epoch, self.evidence.num_train, z)


_FIGURES: Mapping[str, type[Shares] | type[Distances]] = {
    CLASSIFICATION: Shares,
    REGRESSION: Distances,
}


def evidence(ws: Workspace, config: TrainConfig) -> Evidence | None:
    """Count the images of a run; None: too few, or all alike. Raises `UserError`: they are gone."""
    dataset = datasets.get(ws, config.dataset_id, config.dataset_version)
    images = datasets.images(ws, config.dataset_id, config.dataset_version)
    kept = [image for image in images if image.label not in config.left_out]
    train, validation = (
        [image for image in kept if image.split is split]
        for split in (Split.TRAIN, Split.VALIDATION)
    )
    figures = _FIGURES[dataset.task.name].of_images(dataset, train, validation)
    if figures is None:
        return None
    groups = {image.group for image in validation if image.group}
    return Evidence(
        num_train=len(train),
        num_validation=len(validation),
        witnesses=len(groups) + sum(not image.group for image in validation),
        figures=figures,
    )


def evidence_of(card: ModelCard) -> Evidence | None:
    """Say what a card knows of it, of a run whose images are gone."""
    figures, score = _FIGURES[card.task.name].of_card(card), card.validation or card.numbers
    if figures is None or score is None:
        return None
    return Evidence(
        num_train=card.num_train,
        num_validation=score.images,
        witnesses=score.images,
        figures=figures,
    )


def scored(known: Evidence, card: ModelCard) -> Evidence:
    """Have the last epoch be told of as its model is judged."""
    return replace(known, figures=known.figures.with_score(card))
