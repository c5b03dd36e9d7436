"""Records of what a finished run is judged by: what it has to beat, what moved, what is refused."""

from dataclasses import dataclass

from core.records.results import Accuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a simple rule names rightly of the images that a model is judged on."""

    accuracy: Accuracy
    right: tuple[bool, ...]  # of each image


@dataclass(frozen=True, slots=True, kw_only=True)
class Baselines:
    """What a score has to beat; each rule learned from training images, and saw no network."""

    contents: tuple[str, ...]  # of the images that they were judged on
    groups: tuple[str, ...]
    majority: Baseline  # the most frequent class
    nearest_pixels: Baseline  # the class of the training image of the most similar pixels
    colour: Baseline  # how often there is which colour

    @property
    def named(self) -> tuple[tuple[str, Baseline], ...]:
        """Give each with its name."""
        names = ("majority", "nearest_pixels", "colour")
        return tuple((name, getattr(self, name)) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From which confidence on so many answers are right."""

    goal: float  # share right, of those that are answered
    percent: int | None = None  # of confidence; None: no such confidence is found


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What comes of answering only when sure, on the validation images."""

    images: int
    answered: tuple[int, ...]  # from each percent of confidence on, from 0 to 99
    right: tuple[int, ...]  # of these
    goals: tuple[Threshold, ...]

    def of(self, goal: float) -> Threshold:
        """Give the threshold for a goal that there is."""
        return next(one for one in self.goals if one.goal == goal)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvaluation:
    """What a run leaves of its validation part beside the answers to its images."""

    task: str = "classification"
    temperature: float = 1.0  # by which the saved model divides its logits
    baselines: Baselines | None = None  # None: it learned from its validation images too
    thresholds: Thresholds | None = None  # None: runs of old, or without an answer to tell by


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockMovement:
    """How far a block moved in fine-tuning: as it is kept, and in the last state."""

    name: str
    weights: float  # length of the change, as a share of the length before
    weights_last: float
    features: float  # linear CKA with the features before, 0..1: 1 is no change
    features_last: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What fine-tuning moved, block by block, from the image on."""

    task: str = "classification"
    images: int  # on which features were compared
    blocks: tuple[BlockMovement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedShare:
    """How many pictures of a kind that a model cannot know it refuses."""

    kind: str  # noise | flat | sample | dataset
    name: str = ""  # of the data set
    refused: int
    images: int
    low: float  # 95 %
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JunkTest:
    """What a model refuses of pictures that are none of its classes."""

    task: str = "classification"
    kinds: tuple[RefusedShare, ...]
