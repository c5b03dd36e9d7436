"""TensorBoard events of a run, so that ``tensorboard --logdir WORKSPACE/runs`` shows every run.

The events are drawn from the run's metrics, under the names that Keras' own callback uses.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import tensorflow as tf

from core.models import solving
from core.records import BatchMetrics, EpochMetrics, Phase, TrainConfig
from core.records.choices import TASKS

_FLUSH_MILLISECONDS = 5000

Metrics = EpochMetrics | BatchMetrics


class Events:
    """Writes metrics as they come; epochs are numbered through both phases."""

    def __init__(self, folder: Path, config: TrainConfig, kept: Iterable[Metrics] = ()) -> None:
        """Begin with what was kept of an interrupted run; events after that are dropped."""
        shutil.rmtree(folder, ignore_errors=True)
        solved = solving.solves(config)  # in as many iterations as it took
        self._epochs_before = {Phase.HEAD: 0, Phase.FINE_TUNE: 0 if solved else config.epochs}
        self._counts, self._figure = solved, TASKS[config.task].figure
        self._train, self._validation = (
            tf.summary.create_file_writer(str(folder / part), flush_millis=_FLUSH_MILLISECONDS)
            for part in ("train", "validation")
        )
        with self._train.as_default(step=0):
            tf.summary.text("config", _table(asdict(config)))
        for metrics in kept:
            self.draw(metrics)

    def draw(self, metrics: Metrics) -> None:
        """Add an epoch, or a point within one."""
        if isinstance(metrics, EpochMetrics):
            self._epoch(metrics)
        else:
            epochs = self._epochs_before[metrics.phase] + metrics.epoch - 1
            step = epochs * metrics.num_batches + metrics.batch
            with self._train.as_default(step=step):
                tf.summary.scalar("batch_loss", metrics.loss)
                tf.summary.scalar(f"batch_{self._figure}", getattr(metrics, self._figure))
                tf.summary.scalar("batch_learning_rate", metrics.learning_rate)

    def close(self) -> None:
        """Write what is still held back."""
        self._train.close()
        self._validation.close()

    def _epoch(self, metrics: EpochMetrics) -> None:
        if self._counts and metrics.phase is Phase.HEAD:
            self._epochs_before[Phase.FINE_TUNE] = metrics.epoch
        step = self._epochs_before[metrics.phase] + metrics.epoch
        with self._train.as_default(step=step):
            tf.summary.scalar("epoch_loss", metrics.loss)
            tf.summary.scalar(f"epoch_{self._figure}", getattr(metrics, self._figure))
            tf.summary.scalar("epoch_learning_rate", metrics.learning_rate)
            tf.summary.scalar("epoch_seconds", metrics.seconds)
        figure = getattr(metrics, f"val_{self._figure}")
        if metrics.val_loss is None or figure is None:
            return
        with self._validation.as_default(step=step):
            tf.summary.scalar("epoch_loss", metrics.val_loss)
            tf.summary.scalar(f"epoch_{self._figure}", figure)


def _table(settings: Mapping[str, object]) -> str:
    """Give the configuration as a Markdown table; what a user typed stays plain text."""
    lines = [f"| {name} | `{value}` |" for name, value in settings.items()]
    return "\n".join(["| setting | value |", "| --- | --- |", *lines])
