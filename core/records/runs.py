"""Records of runs: where one stands, what it measured, how far it is."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import Problem
from core.records.results import ModelCard, RunScore
from core.records.training import TrainConfig
from core.words import Message


class State(StrEnum):
    """Where a run stands. Only the worker moves a run out of ``QUEUED``."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"  # a model was saved
    STOPPED = "stopped"  # the user ended it; the model so far was saved if there was one
    FAILED = "failed"  # ``RunState.error`` says why


class Phase(StrEnum):
    """The two phases of training."""

    HEAD = "head"
    FINE_TUNE = "fine_tune"


class Stage(StrEnum):
    """What a running run is busy with."""

    STARTING = "starting"
    FEATURES = "features"  # the frozen prefix, once
    TRAINING = "training"
    CHECKING = "checking"  # the finished model through the prediction path
    SAVING = "saving"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """How a run is doing; rewritten whole at each change."""

    state: State
    changed_at: float  # seconds since the epoch
    device: str = ""  # that it was last trained on: cpu or gpu
    node: str = ""  # of a cluster, on which that was; empty: the machine of the app
    attempt: int = 0  # how often it was started since its last new whole epoch
    kept: int = 0  # whole epochs in its last checkpoint when it was started
    halved: bool = False  # half the batch, since the system ended it for its memory
    given_up: bool = False  # it trains no more; the model of its last checkpoint is to be saved
    error: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """How a run ended that was trained."""

    ended: State  # done | stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochMetrics:
    """One line of ``metrics.jsonl``: an epoch.

    Losses are mean cross-entropy in nats; of numbers mean squared errors, in their unit.
    """

    phase: Phase
    epoch: int  # from 1 within its phase
    loss: float
    accuracy: float  # 0 in a run of numbers, which has `mae`
    val_loss: float | None  # None where a run learns from the validation images too
    val_accuracy: float | None
    learning_rate: float
    seconds: float
    images_per_second: float = 0.0
    val_images: int = 0  # behind the validation figures; 0: not noted, in runs of old
    mae: float | None = None  # mean absolute error of a run of numbers, which has no accuracy
    val_mae: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMetrics:
    """One line of ``metrics.jsonl`` within an epoch: means over the epoch so far."""

    phase: Phase
    epoch: int
    batch: int  # batches done in this epoch
    num_batches: int
    loss: float
    accuracy: float
    learning_rate: float
    images_per_second: float = 0.0
    mae: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StripPictures:
    """First line of ``strip.jsonl``: validation pictures that are followed through training."""

    contents: tuple[str, ...]
    labels: tuple[int, ...]  # of each, its number in ``classes``
    classes: tuple[str, ...]  # in the order of the outputs
    task: str = "classification"


@dataclass(frozen=True, slots=True, kw_only=True)
class StripEpoch:
    """One more line of ``strip.jsonl``: how an epoch, or iteration, names these pictures."""

    phase: Phase
    epoch: int  # from 1 within its phase
    named: tuple[int, ...]  # of each picture, the number of a class
    task: str = "classification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a running run is; rewritten whole by the training process."""

    stage: Stage
    done: float  # share of the whole run, 0..1
    eta_seconds: float | None = None
    images_per_second: float | None = None
    learning_rate: float | None = None
    phase: Phase | None = None
    epoch: int = 0
    device: str = ""  # GPU name or CPU, for people
    note: Message | None = None  # why a GPU that is there is not used
    sentence: Message | None = None  # the last thing worth saying


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training run, as read back from its folder."""

    id: str
    config: TrainConfig
    state: RunState
    name: str = ""  # that the user gave it
    progress: Progress | None = None
    epochs: tuple[EpochMetrics, ...] = ()
    card: ModelCard | None = None
    score: RunScore | None = None  # None: nothing has judged it


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What a row in a list of runs tells of one."""

    id: str
    config: TrainConfig
    state: RunState
    name: str = ""  # that the user gave it
    is_starred: bool = False
    done: float | None = None  # share of the whole run, of one that trains
    curve: tuple[float, ...] = ()  # validation accuracy after each epoch, evenly thinned
    card: ModelCard | None = None
    score: RunScore | None = None  # None: nothing has judged it
