"""Train the same on one logical device and on two, and print what came of it as JSON."""

import json
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
import tensorflow as tf

from core.engine.device import Device
from core.engine.loop.batches import BatchesPerCall, Part, chunks
from core.engine.loop.steps import Learner, Sums
from core.workspace import Workspace
from tests.engine import jobs, tiny

LABELS = np.arange(19, dtype=np.int32) % 3


class Pixels:
    """Nineteen small pictures: the last batch is smaller, and odd."""

    shape = (8, 8, 3)

    def batch(self, rows: np.ndarray, views: np.ndarray) -> np.ndarray:
        """Give the pictures of rows; the views are all the same."""
        pictures = np.random.default_rng(0).normal(size=(19, *self.shape)).astype("float32")
        return (pictures + LABELS[:, None, None, None])[rows]


def train(strategy: tf.distribute.Strategy) -> dict[str, object]:
    """Train three epochs of batches of 8."""
    with strategy.scope():
        keras.utils.set_random_seed(1)
        inputs = keras.Input((8, 8, 3))
        maps = keras.layers.Conv2D(4, 3, activation="relu")(inputs)
        logits = keras.layers.Dense(3)(keras.layers.Flatten()(maps))
        model = keras.Model(inputs, logits)
        subject = Learner(model, model.trainable_variables, optimizer="sgd", strategy=strategy)
    part = Part(Pixels(), LABELS, np.ones(19, np.float32))  # type: ignore[arg-type]
    losses, rows, views = [], np.arange(19), np.zeros(19, np.int64)
    replicas, sums = subject.num_replicas, Sums()
    for _ in range(3):
        sums = Sums()
        for chunk in chunks(part, rows, views, size=8, pace=BatchesPerCall(), replicas=replicas):
            sums += subject.train(chunk, np.full(len(chunk[1]), 0.01, np.float32))
        losses.append(sums.loss / sums.images)
    tested, right = Sums(), []
    for chunk in chunks(part, rows, views, size=8, pace=BatchesPerCall(), replicas=replicas):
        judged, named = subject.test(chunk)
        tested += judged
        right += (named == chunk[1][chunk[2] > 0]).tolist()
    return {
        "replicas": replicas,
        "losses": losses,
        "images": sums.images,
        "tested": tested.loss / tested.images,
        "right": right,
    }


def whole_run(strategy: tf.distribute.Strategy) -> list[list[float]]:
    """Train a run with both phases, as the engine does: 28 images in batches of 8."""
    with TemporaryDirectory() as folder, tiny.known():
        os.environ["THAW_LOCKS"] = folder
        ws = Workspace(Path(folder) / "workspace")
        where = Device(name="CPU", strategy=strategy, policy="float32")
        run_id, _ = jobs.run(ws, replace(jobs.TINY, dropout=0.0), where=where)
        return [[epoch.loss, epoch.val_loss or 0.0] for epoch in jobs.history(ws, run_id)]


if __name__ == "__main__":
    processor = tf.config.list_physical_devices("CPU")[0]
    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(processor, halves)
    mirrored = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    found = []
    for strategy in (tf.distribute.get_strategy(), mirrored):
        found.append({**train(strategy), "run": whole_run(strategy)})
    print(json.dumps(found))
