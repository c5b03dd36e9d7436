"""Records of many predictions at once: what was asked, how far it is, and each answer."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import Problem
from core.records.data import LearnedTarget
from core.records.results import Prediction


class BatchStage(StrEnum):
    """Where a batch of predictions stands."""

    WAITING = "waiting"  # for another batch, or for its process
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  # by the user; it can go on
    FAILED = "failed"  # likewise, once the reason is mended


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """Which images a run's model was asked about; without sources, what a browser sent."""

    run_id: str
    labels: tuple[str, ...]  # of its model, so that results can be read without it
    name: str
    created_at: float
    sources: tuple[str, ...] = ()
    encoding: str = ""  # of the names in an archive
    bands: str = ""  # see `core.images.pixels.decode`
    target: LearnedTarget | None = None  # of a model that reads a number


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchState:
    """How a batch is doing; rewritten whole as it goes."""

    stage: BatchStage
    done: int = 0
    total: int = 0
    eta_seconds: float | None = None
    num_others: int = 0  # files that are no images
    stalled: int = 0  # processes in a row that began and ended without an answer
    error: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """What a model says of one file of a batch."""

    answer: Prediction  # its file: the path inside the folder or archive
    content: str = ""  # hash of the pixels, which names our copy and the small picture
    stored: str = ""  # our copy, relative to those of the batch
    true: float | None = None  # its number, where a list or its folder tells it
    signature: str = ""  # what it looks like, for near-duplicates; rows of old have none


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMark:
    """What a person says that an image of a batch is."""

    file: str
    label: str
