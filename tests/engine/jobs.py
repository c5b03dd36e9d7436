"""Run small real jobs in this process: a tiny backbone with random weights, on coloured noise."""

from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
import tensorflow as tf

from core import files, runs
from core.engine import device
from core.engine.device import Device
from core.engine.training import memory
from core.engine.training.job import Job
from core.records import EpochMetrics, TrainConfig
from core.words import Message
from core.workspace import Workspace
from tests import builders

TINY = TrainConfig(
    dataset_id="colours-0000",
    backbone="Tiny",
    weights="none",
    image_size=32,
    freeze="block4",
    epochs=3,
    fine_tune_epochs=2,
    batch_size=8,
    learning_rate=0.01,
    fine_tune_learning_rate=0.001,
    seed=3,
)
RICH = replace(
    TINY, hidden_units=8, dropout=0.3, schedule="cosine", class_weights=True, layer_decay=0.7
)
CPU = Device(name="CPU", strategy=tf.distribute.get_strategy(), policy="float32")


class Killed(BaseException):
    """Ends a job as a kill does: nothing after it is run."""


def run(
    ws: Workspace,
    config: TrainConfig = TINY,
    *,
    run_id: str = "",
    stop: Callable[[], bool] = lambda: False,
    where: Device = CPU,
    **after: bool,
) -> tuple[str, str]:
    """Train a run, a new one unless it is named; give its id and how it ended.

    ``after`` says what happened to it before: ``halved``, ``given_up``.
    """
    if not ws.dataset(config.dataset_id).path.exists():
        builders.make_dataset(ws, num=20)
    run_id = run_id or runs.create(ws, config)
    task = Job(ws=ws, run_id=run_id, config=config, device=where, stop=stop, **after)
    return run_id, memory.train(task)


def history(ws: Workspace, run_id: str) -> list[EpochMetrics]:
    """Give the epochs without what depends on the clock."""
    return [replace(e, seconds=0.0, images_per_second=0.0) for e in runs.epochs(ws, run_id)]


def model(ws: Workspace, run_id: str) -> keras.Model:
    """Load the model of a run as anybody would."""
    return keras.saving.load_model(ws.run(run_id).model, compile=False, safe_mode=True)


def values(ws: Workspace, run_id: str) -> list[np.ndarray]:
    """Give all weights of the model of a run."""
    return [np.asarray(w) for w in model(ws, run_id).get_weights()]


def sentences(ws: Workspace, run_id: str) -> list[str]:
    """Give the log."""
    return [str(m) for m in files.read_records(ws.run(run_id).log, Message)]


def at(call: int, happen: Callable[[], bool]) -> Callable[[], bool]:
    """Make a stop function that does something the n-th time it is asked."""
    calls = iter(range(1, 10**9))
    return lambda: happen() if next(calls) == call else False


def kill() -> bool:
    raise Killed


__all__ = ["CPU", "TINY", "Killed", "at", "device", "history", "kill", "model", "run", "sentences"]
