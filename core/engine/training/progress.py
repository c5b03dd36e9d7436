"""How far a run is: metrics, progress and log sentences, into the files of its folder."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core import files
from core.datasets import head_scores
from core.engine.device import Device
from core.engine.loop import solving as loop
from core.engine.loop.schedules import TrainingState
from core.engine.training import strip
from core.engine.training.job import Job
from core.engine.training.meter import Meter
from core.engine.training.strip import Strip
from core.engine.training.tensorboard import Events
from core.engine.training.training_data import TrainingData
from core.models import solving
from core.records import (
    BatchMetrics,
    EpochMetrics,
    HeadScore,
    Phase,
    Progress,
    Stage,
    TrainConfig,
)
from core.words import Message, nsay, say
from core.workspace import RunFolder

PROGRESS_SECONDS = 0.3
PHASES = (Phase.HEAD, Phase.FINE_TUNE)

Metrics = EpochMetrics | BatchMetrics


class Report(Protocol):
    """Whom to tell how far the work is, and whom to ask whether to go on."""

    def log(self, sentence: Message) -> None: ...

    def progress(self, share: float, *, images_per_second: float | None = None) -> None: ...

    def stop(self) -> bool: ...


class Silent:
    """For work that nobody watches."""

    def log(self, sentence: Message) -> None:
        """Say nothing."""

    def progress(self, share: float, *, images_per_second: float | None = None) -> None:
        """Show nothing."""

    def stop(self) -> bool:
        """Go on."""
        return False


@dataclass(slots=True)
class ShareOf:
    """Tells of a part of the work as that share of the whole step; no sentence twice."""

    whole: Report
    start: float
    end: float
    said: set[Message] = field(default_factory=set)

    def log(self, sentence: Message) -> None:
        """Add a sentence to the log, once."""
        if sentence not in self.said:
            self.said.add(sentence)
            self.whole.log(sentence)

    def progress(self, share: float, *, images_per_second: float | None = None) -> None:
        """Take in how far this part is."""
        done = self.start + (self.end - self.start) * share
        self.whole.progress(done, images_per_second=images_per_second)

    def stop(self) -> bool:
        """Tell whether to end."""
        return self.whole.stop()


@dataclass(slots=True, kw_only=True)
class RunReport:
    """Writes the files of one run that a page reads while it trains."""

    folder: RunFolder
    device: str
    draw: Callable[[Metrics], None]  # into the TensorBoard events
    score: Callable[[HeadScore], None]  # keeps what a head scores on images held back from it
    epochs: Mapping[Phase, int]  # 0: as many iterations as it takes
    meter: Meter
    strip: Strip
    stop: Callable[[], bool]
    started: float  # monotonic seconds; epochs trained before an interruption are in it
    note: Message | None = None  # on the device
    written_at: float = 0.0
    sentence: Message | None = None
    last: Progress = field(default_factory=lambda: Progress(stage=Stage.STARTING, done=0.0))

    def log(self, sentence: Message) -> None:
        """Add a sentence to the log."""
        files.append_record(self.folder.log, sentence)
        self.sentence = sentence

    def enter(self, stage: Stage, phase: Phase | None = None, *, share: float = 0.0) -> None:
        """Begin a step; ``share`` of it is there already."""
        self.meter.enter((stage, phase), time.monotonic(), share=share)
        self.last = Progress(stage=stage, done=0.0, phase=phase)
        self.written_at = 0.0
        self.progress(share)

    def progress(self, share: float, **seen: float | int | None) -> None:
        """Take in how far this step is; write it a few times a second."""
        now = time.monotonic()
        self.meter.advance(share, now)
        if share < 1 and now - self.written_at < PROGRESS_SECONDS:
            return
        self.written_at = now
        fields = {name: getattr(self.last, name) for name in ("stage", "phase", "epoch")}
        self.last = Progress(
            **{**fields, **seen},
            done=self.meter.done,
            eta_seconds=self.meter.seconds_left(now),
            device=self.device,
            note=self.note,
            sentence=self.sentence,
        )
        files.write_text(self.folder.progress, files.encode(self.last))

    def named(self, phase: Phase, epoch: int, named: NDArray[np.int32]) -> None:
        """Take in what an epoch names the validation images: (images,), int32, before its metrics.

        A checkpoint comes after both, so what it goes on from has both.
        """
        self.strip.add(phase, epoch, named)

    def metrics(self, metrics: Metrics) -> None:
        """Add a line of metrics, and follow the progress it means."""
        files.append_record(self.folder.metrics, metrics)
        self.draw(metrics)
        self.progress(
            _share(metrics, self.epochs[metrics.phase]),
            epoch=metrics.epoch,
            learning_rate=metrics.learning_rate or None,
            images_per_second=metrics.images_per_second or None,
        )


def _share(metrics: Metrics, epochs: int) -> float:
    """Give how much of its phase is over with what was measured."""
    if not epochs:
        return loop.share(metrics.epoch)
    whole = isinstance(metrics, EpochMetrics)
    part = 1.0 if isinstance(metrics, EpochMetrics) else metrics.batch / metrics.num_batches
    return (metrics.epoch - 1 + 0.95 * part + 0.05 * whole) / epochs


@contextlib.contextmanager
def reporting(
    job: Job, config: TrainConfig, data: TrainingData, state: TrainingState
) -> Iterator[RunReport]:
    """Open the report of a run from where training stands, and say what is used."""
    kept = _cut_back(job.folder, state)
    before = sum(line.seconds for line in kept if isinstance(line, EpochMetrics))
    head_epochs = 0 if solving.solves(config) else config.epochs
    with contextlib.closing(Events(job.folder.tensorboard, config, kept)) as events:
        report = RunReport(
            folder=job.folder,
            device=job.device.name,
            note=None if job.given_up else job.device.note,
            draw=events.draw,
            score=partial(head_scores.write, job.ws, config) if config.validates else _unheard,
            epochs={Phase.HEAD: head_epochs, Phase.FINE_TUNE: config.fine_tune_epochs},
            meter=Meter(job.expect(config, len(data.train.images), len(data.validation.images))),
            strip=strip.begin(job.folder.strip, data, state),
            stop=job.stop,
            started=time.monotonic() - before,
        )
        report.enter(Stage.STARTING)
        for sentence in () if job.given_up else _about(job.device, data, state):
            report.log(sentence)
        yield report


def _unheard(score: HeadScore) -> None:
    """Keep no score of other images than those that a training holds back."""


def _about(device: Device, data: TrainingData, state: TrainingState) -> Iterator[Message]:
    yield say("Training on {device}.", device=device.name)
    if device.note:
        yield device.note
    yield from data.warnings
    if not data.validation.images:
        yield say(
            "It learns from the training and the validation images together, {num} in all, so "
            "there is no validation score.",
            num=len(data.train.images),
        )
    if state.solved:  # in fine-tuning it goes on after epochs of that
        yield say("The run was interrupted; it goes on with the head that was solved.")
    elif state.num_epochs:
        yield nsay(
            "The run was interrupted; it goes on after {num} whole epoch.",
            "The run was interrupted; it goes on after {num} whole epochs.",
            num=state.num_epochs,
        )


def _cut_back(folder: RunFolder, state: TrainingState) -> list[Metrics]:
    """Drop the metrics that came after a checkpoint, since those epochs are trained again.

    Gives those that are kept.
    """
    last = (PHASES.index(state.phase), state.epoch)
    rows = files.read_rows(folder.metrics)
    kept = [row for row in rows if (PHASES.index(Phase(row["phase"])), row["epoch"]) <= last]
    records = [files.build(EpochMetrics if "val_loss" in r else BatchMetrics, r) for r in kept]
    if folder.metrics.exists():
        files.write_records(folder.metrics, records)
    return records
