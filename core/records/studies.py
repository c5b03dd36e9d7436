"""Records of studies: what is compared on the user's own images, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from core.errors import Problem
from core.records.results import Accuracy
from core.records.runs import State
from core.records.training import TrainConfig
from core.words import Message, say


class StudyKind(StrEnum):
    """What a study compares."""

    LADDER = "ladder"  # freezing depths
    TRANSFER = "transfer"  # a pretrained start and a random one
    BAKEOFF = "bakeoff"  # backbones
    CURVE = "curve"  # numbers of images


TITLES: Mapping[StudyKind, Message] = {
    StudyKind.LADDER: say("Freezing ladder"),
    StudyKind.TRANSFER: say("Transfer gain"),
    StudyKind.BAKEOFF: say("Backbones compared"),
    StudyKind.CURVE: say("Would more photos help?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One of the things that are compared: a configuration, judged fold by fold."""

    name: str  # a block, a backbone, what the weights start from
    config: TrainConfig  # of its run on the first fold

    def on(self, fold: int) -> TrainConfig:
        """Give the configuration of its run on a fold."""
        return replace(self.config, fold=fold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What is compared; written once."""

    id: str
    kind: StudyKind
    dataset_id: str
    dataset_version: int
    arms: tuple[Arm, ...]  # the cheapest first
    created_at: float  # seconds since the epoch
    cloned_from: str = ""  # the run that it was begun from
    task: str = "classification"

    @property
    def uses_folds(self) -> bool:
        """Tell whether its runs judge one fold each; else each of them judges all."""
        return self.arms[0].config.protocol == "fold"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyAsked:
    """How many folds were asked for, and how often one decided after a look at the result."""

    folds: int  # that take part, from the first
    looks: int = 1  # at which a difference may be claimed, this one included
    planned: int = 2  # looks that there may be: what a claim is paid for


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRun:
    """What a run of a study came to; the rows lie beside it."""

    trainable: int  # numbers that learned in its last phase
    parameters: int  # of the whole network
    seconds: float  # it took, without what others left ready
    milliseconds: float = 0.0  # an image takes in its frozen part here; 0: not measured
    task: str = "classification"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """What heads score that learned from so many images: over several draws of them."""

    images: int
    accuracy: float
    low: float  # 95 %: over draws and judged images
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassGain:
    """By how much a class gains on a learning curve, with intervals that hold together."""

    label: str
    gain: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningCurve:
    """Accuracy against the number of images, and what twice as many may come to."""

    points: tuple[CurvePoint, ...]
    expected: CurvePoint | None  # at twice the images; None: the points follow no such law
    gain_low: float = 0.0  # 95 %, of what twice the images bring
    gain_high: float = 0.0
    gains: tuple[ClassGain, ...] = ()  # of classes, from 40 % of the images to all
    task: str = "classification"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRow:
    """An arm, as far as it was judged."""

    name: str
    config: TrainConfig
    trainable: int
    state: State
    folds: int = 0  # that judged it
    accuracy: Accuracy | None = None  # over these
    seconds: float = 0.0  # of its runs, added up
    milliseconds: float = 0.0  # an image takes here; 0: not measured
    parameters: int = 0
    run_ids: tuple[str, ...] = ()
    error: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyAdvice:
    """What a study comes to: one choice, and the sentences that say how sure it is."""

    choice: str  # the name of an arm; empty: there is none to be made
    sentences: tuple[Message, ...]
    p_value: float | None = None  # of the claim, paid for comparisons and looks; None: no claim
    ties: tuple[str, ...] = ()  # arms that cannot be told from the choice
    is_warning: bool = False  # what is studied does not show the good that one expects of it


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """How a study stands: read from its runs."""

    study: Study
    asked: StudyAsked
    state: State
    rows: tuple[StudyRow, ...]
    advice: StudyAdvice | None = None  # None: too little was judged
    curve: LearningCurve | None = None
    baselines: tuple[StudyRow, ...] = field(default=())
