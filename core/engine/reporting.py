"""What a run says as it goes: metrics, progress and log sentences, into the files of its folder."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core import files
from core.catalog import BACKBONES, choose
from core.engine.schedules import Standing
from core.records import BatchMetrics, EpochMetrics, Phase, Progress, Stage, TrainConfig
from core.words import Message, say
from core.workspace import RunFolder

PROGRESS_SECONDS = 0.3
PHASES = (Phase.HEAD, Phase.FINE_TUNE)

Step = tuple[Stage, Phase | None]
Metrics = EpochMetrics | BatchMetrics


@dataclass(slots=True)
class Meter:
    """How much of the whole is done, and how long the rest takes at the pace of this step.

    ``work`` holds the steps in order with the work each means, in any one unit.
    """

    work: Mapping[Step, float]
    step: Step | None = None
    since: float = 0.0
    share: float = 0.0  # of this step
    skipped: float = 0.0  # share of this step that was there when it began

    def enter(self, step: Step, now: float) -> None:
        self.step, self.since, self.share, self.skipped = step, now, 0.0, 0.0

    @property
    def done(self) -> float:
        """Give the share of the whole run."""
        total = sum(self.work.values())
        return min(1.0, self._behind() / total) if total else 0.0

    def eta(self, now: float) -> float | None:
        """Give the seconds left; None while nothing is known."""
        own = self.work.get(self.step, 0.0) if self.step else 0.0
        if not own or self.share - self.skipped < 0.02 or now - self.since < 1:
            return None
        pace = (now - self.since) / (own * (self.share - self.skipped))
        return pace * (sum(self.work.values()) - self._behind())

    def _behind(self) -> float:
        if self.step is None or self.step not in self.work:
            return 0.0
        steps = list(self.work)
        before = sum((self.work[step] for step in steps[: steps.index(self.step)]), 0.0)
        return before + self.share * self.work[self.step]


def meter(config: TrainConfig, num_train: int, num_validation: int) -> Meter:
    """Weigh the steps of a run; the unit is one image through the whole backbone."""
    backbone = choose(BACKBONES, config.backbone, say("backbone"))
    frozen = backbone.blocks[: backbone.blocks_up_to(config.freeze)]
    thawed = 1 - sum(b.multiply_adds for b in frozen) / max(1, backbone.multiply_adds)
    views = 1 if config.augmentation == "none" else 1 + config.num_views
    num_views = num_train * views + num_validation
    tuned = config.fine_tune_epochs if config.freeze != "all" else 0
    work: dict[Step, float] = {
        (Stage.FEATURES, Phase.HEAD): num_views,
        (Stage.TRAINING, Phase.HEAD): config.epochs * (num_train + num_validation) * 0.01,
        (Stage.FEATURES, Phase.FINE_TUNE): num_views * (1 - thawed) if tuned else 0,
        (Stage.TRAINING, Phase.FINE_TUNE): tuned * (3 * num_train + num_validation) * thawed,
        (Stage.SAVING, None): 50,
        (Stage.CHECKING, None): 2 * num_validation,
    }
    return Meter(work)


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
        self.meter.enter((stage, phase), time.monotonic())
        self.meter.share = self.meter.skipped = share
        self.last = Progress(stage=stage, done=0.0, phase=phase)
        self.written_at = 0.0
        self.progress(share)

    def progress(self, share: float, **seen: float | int | None) -> None:
        """Take in how far this step is; write it a few times a second."""
        now = time.monotonic()
        self.meter.share = share
        if share < 1 and now - self.written_at < PROGRESS_SECONDS:
            return
        self.written_at = now
        fields = {name: getattr(self.last, name) for name in ("stage", "phase", "epoch")}
        self.last = Progress(
            **{**fields, **seen},
            done=self.meter.done,
            eta_seconds=self.meter.eta(now),
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
