"""What a run says as it goes: metrics, progress and log sentences, into the files of its folder."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core import files
from core.engine.training.meter import Meter
from core.engine.training.schedules import Standing
from core.records import BatchMetrics, EpochMetrics, Phase, Progress, Stage
from core.words import Message
from core.workspace import RunFolder

PROGRESS_SECONDS = 0.3
PHASES = (Phase.HEAD, Phase.FINE_TUNE)

Metrics = EpochMetrics | BatchMetrics


@dataclass(slots=True)
class Reporter:
    """Writes the files of one run that a page reads while it trains."""

    folder: RunFolder
    device: str
    draw: Callable[[Metrics], None]  # into the TensorBoard events
    epochs: Mapping[Phase, int]
    meter: Meter
    note: Message | None = None  # on the device
    written_at: float = 0.0
    sentence: Message | None = None
    last: Progress = field(default_factory=lambda: Progress(stage=Stage.STARTING, done=0.0))

    def say(self, sentence: Message) -> None:
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

    def metrics(self, metrics: Metrics) -> None:
        """Add a line of metrics, and follow the progress it means."""
        files.append_record(self.folder.metrics, metrics)
        self.draw(metrics)
        whole = isinstance(metrics, EpochMetrics)
        part = 1.0 if isinstance(metrics, EpochMetrics) else metrics.batch / metrics.num_batches
        self.progress(
            (metrics.epoch - 1 + 0.95 * part + 0.05 * whole) / self.epochs[metrics.phase],
            epoch=metrics.epoch,
            learning_rate=metrics.learning_rate,
            images_per_second=metrics.images_per_second,
        )


def cut_back(folder: RunFolder, standing: Standing) -> list[Metrics]:
    """Drop the metrics that came after a checkpoint, since those epochs are trained again.

    Gives those that are kept.
    """
    last = (PHASES.index(standing.phase), standing.epoch)
    rows = files.read_rows(folder.metrics)
    kept = [row for row in rows if (PHASES.index(Phase(row["phase"])), row["epoch"]) <= last]
    records = [files.build(EpochMetrics if "val_loss" in r else BatchMetrics, r) for r in kept]
    if folder.metrics.exists():
        files.write_records(folder.metrics, records)
    return records
