"""The epochs of a run, what they stand on, and how advice that follows from them looks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core import datasets
from core.insights.coaching.remedies import Remedy
from core.judging.statistics import Z95, score_interval
from core.models import solving
from core.records import Accuracy, EpochMetrics, ImageRecord, ModelCard, Phase, Split, TrainConfig
from core.words import Message
from core.workspace import Workspace

LAST = 3  # epochs that must agree


class AdviceKind(StrEnum):
    """What there is to say of curves."""

    RATE = "rate"  # too high
    STUCK = "stuck"  # at the largest class
    OVERFITTING = "overfitting"
    GAP = "gap"  # training images are known better than new ones
    ABOVE = "above"  # validation is better than training
    FEW = "few"  # images, too few to tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How much stands behind the curves of a run."""

    num_train: int
    train_majority: float  # share of the largest class
    num_validation: int
    witnesses: int  # validation images; those of a group are one
    majority: float  # share of the largest class in validation
    num_classes: int
    score: Accuracy | None = None  # of the kept model on them, as its verdict has it


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

    def judged(self, share: float, z: float = Z95) -> tuple[float, float]:
        """Give the interval of a share of the validation images; of the model's, its verdict's."""
        score = self.evidence.score
        if score is not None and (share, z) == (score.accuracy, Z95):
            return score.low, score.high
        return score_interval(share, self.evidence.witnesses, z)

    def trained(self, share: float, z: float = Z95) -> tuple[float, float]:
        """Give the interval of a share of the training images."""
        return score_interval(share, self.evidence.num_train, z)


def accuracy(epoch: EpochMetrics) -> float:
    """Give the share of the validation images that are named rightly."""
    return epoch.val_accuracy or 0.0


def evidence(ws: Workspace, config: TrainConfig) -> Evidence:
    """Count the images of a run. Raises `UserError` where they are gone."""
    images = datasets.images(ws, config.dataset_id, config.dataset_version)
    kept = [image for image in images if image.label not in config.left_out]
    parts = {split: [image for image in kept if image.split is split] for split in Split}
    train, validation = parts[Split.TRAIN], parts[Split.VALIDATION]
    groups = {image.group for image in validation if image.group}
    return Evidence(
        num_train=len(train),
        train_majority=_largest(train),
        num_validation=len(validation),
        witnesses=len(groups) + sum(not image.group for image in validation),
        majority=_largest(validation),
        num_classes=len({image.label for image in kept}),
    )


def _largest(images: Iterable[ImageRecord]) -> float:
    counts = Counter(image.label for image in images)
    return max(counts.values()) / counts.total() if counts else 0.0


def evidence_of(card: ModelCard) -> Evidence | None:
    """Say what a card knows of it, of a run whose images are gone."""
    score = card.validation
    if score is None:
        return None
    return Evidence(
        num_train=card.num_train,
        train_majority=score.majority,
        num_validation=score.images,
        witnesses=score.images,
        majority=score.majority,
        num_classes=len(card.labels),
        score=score,
    )
