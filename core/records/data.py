"""Records of data sets: what was brought in, what was kept, and on which side of the split."""

from dataclasses import dataclass
from enum import StrEnum

from core import natural
from core.errors import Problem
from core.records.choices import CLASSIFICATION, REGRESSION, TASKS, Task
from core.records.questions import Answer, Question
from core.words import Message


class Split(StrEnum):
    """Which part of a data set an image belongs to."""

    TRAIN = "train"
    VALIDATION = "validation"  # judges; decides on fine-tuning and on an early end
    TEST = "test"  # closed until it is opened deliberately


class Verdict(StrEnum):
    """What ingest made of a file."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    JUNK = "junk"  # files that systems leave behind; counted, never shown as refused


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of one file that was brought in."""

    file: str  # its path inside the folder or archive
    verdict: Verdict
    label: str = ""
    reason: Message | None = None  # why it was refused and what to do
    changes: tuple[Message, ...] = ()  # what was changed in our copy
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRecord:
    """One accepted image."""

    content: str  # hash of its pixels: equal pixels, equal content
    file: str  # the name it came with; untrusted, only ever shown
    label: str
    split: Split
    stored: str  # our copy, relative to the images folder of the data set
    width: int  # pixels of the upright original
    height: int
    group: str = ""  # images of one group never stand on two sides of the split
    confirmed: bool = False  # a person kept its label, which seemed wrong
    group_key: str = ""  # a cell of a list or a folder that those of its group share, if that is it
    taken_at: float = 0.0  # seconds since 1970 by the clock of the camera; 0: not noted

    @property
    def number(self) -> float:
        """Give the label of an image of a data set of numbers."""
        return float(self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The number that a data set gives each image; the label of an image is that number."""

    name: str  # of the column, as people read it; empty: the names of folders
    unit: str = ""
    lowest: float = 0.0
    highest: float = 0.0
    mean: float = 0.0
    deviation: float = 0.0
    different: int = 0  # numbers that come


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedTarget:
    """The number that a model answers, and what of it the training images had."""

    name: str  # of the column; empty: the names of folders
    unit: str = ""
    mean: float  # of the training images
    deviation: float
    lowest: float
    highest: float
    half_range: float | None = None  # of 90 % of answers; None: too few validation images


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCount:
    """How many images a class has."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A named set of labelled images with its split; a written version never changes."""

    id: str
    name: str
    created_at: float  # seconds since the epoch
    classes: tuple[ClassCount, ...]  # in the order of outputs; empty ones are warned about
    num_images: int
    num_refused: int
    num_junk: int
    fingerprint: str  # hash over content, label and split of every image
    version: int = 0
    seed: int = 0  # of the split
    warnings: tuple[Message, ...] = ()
    read_as: tuple[Answer, ...] = ()  # what was answered where it could be read in several ways
    settled: tuple[str, ...] = ()  # findings that a person looked at and kept as they are
    target: Target | None = None  # each image has a number and there are no classes; None: classes

    @property
    def task(self) -> Task:
        """Give what a model of these images answers."""
        return TASKS[REGRESSION if self.target else CLASSIFICATION]

    @property
    def listed(self) -> tuple[ClassCount, ...]:
        """Give the classes as people list them: 2 before 10, also where an old record has not."""
        return tuple(sorted(self.classes, key=lambda entry: natural.sort_key(entry.name)))

    @property
    def bands(self) -> str:
        """What was chosen for pictures of more bands than colours; see `pixels.decode`."""
        return next((answer.value for answer in self.read_as if answer.option == "bands"), "")


class IngestStage(StrEnum):
    """Where an ingest stands."""

    RECEIVING = "receiving"
    READING = "reading"
    ASKING = "asking"  # waits for answers to its questions
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestState:
    """How an ingest is doing; rewritten whole as it goes."""

    stage: IngestStage
    name: str = ""
    done: int = 0
    total: int = 0
    eta_seconds: float | None = None
    dataset_id: str = ""  # once committed
    error: Problem | None = None
    questions: tuple[Question, ...] = ()  # that it waits for
