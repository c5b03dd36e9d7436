"""Choices of a run are felt where they matter, and what goes wrong at its end is said."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core import files
from core.engine.device import Device
from core.engine.prediction import checking
from core.engine.serving import learning_rates
from core.engine.training import phases, setup
from core.engine.training.progress import Silent
from core.judging import statistics
from core.records import ImageRecord, Phase, Split
from core.workspace import Workspace
from tests import builders
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: saving says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
FROZEN = replace(jobs.TINY, freeze="all", epochs=2, fine_tune_epochs=0)


@pytest.fixture(scope="module")
def lopsided(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three red images to learn from, and fourteen green ones."""
    ws = Workspace(tmp_path_factory.mktemp("lopsided"))
    listing = ws.dataset(builders.make_dataset(ws, num=20).id).listing()
    records = files.read_records(listing, ImageRecord)
    red = [r for r in records if r.label == "red" and r.split is Split.TRAIN]
    files.write_records(listing, [r for r in records if r not in red[3:]])
    return ws


def test_class_weights_are_felt_in_training(lopsided: Workspace):
    plain, _ = jobs.run(lopsided, FROZEN)
    weighted, _ = jobs.run(lopsided, replace(FROZEN, class_weights=True))

    losses = [[e.val_loss for e in jobs.history(lopsided, run)] for run in (plain, weighted)]
    assert losses[1] != losses[0]


def test_class_weights_are_felt_by_the_search_for_a_learning_rate(lopsided: Workspace):
    plain = learning_rates.find(lopsided, FROZEN, jobs.CPU)
    weighted = learning_rates.find(lopsided, replace(FROZEN, class_weights=True), jobs.CPU)

    assert weighted.losses[-1] != plain.losses[-1]


def test_a_saved_model_that_answers_otherwise_than_in_training_is_complained_of(
    lopsided: Workspace, monkeypatch: pytest.MonkeyPatch
):
    nothing_right = statistics.accuracy(0, 6, largest_class=3)
    monkeypatch.setattr(checking, "judge", lambda *given: nothing_right)

    run_id, _ = jobs.run(lopsided, FROZEN)

    log = jobs.sentences(lopsided, run_id)
    assert any(s.startswith("Error: the saved model names 0 of 6") for s in log)


def test_in_fine_tuning_alone_each_block_has_its_share_of_the_rate(ws: Workspace):
    config = replace(jobs.TINY, freeze="block3", layer_decay=0.5)
    data: Any = SimpleNamespace(labels=("green", "red"), train=SimpleNamespace(images=()))
    ready = setup.prepare(ws, config, data, device=jobs.CPU, report=Silent())

    head, tuned = (phases.make_learner(ready, phase) for phase in (Phase.HEAD, Phase.FINE_TUNE))

    assert head.optimizer.shares == ()
    assert set(tuned.optimizer.shares) == {0.5, 1.0}
    assert tuned.optimizer.shares[0] == 0.5


@pytest.fixture
def half() -> Iterator[Device]:
    yield Device(name="GPU", strategy=tf.distribute.get_strategy(), policy="mixed_float16")
    keras.config.set_dtype_policy("float32")


def test_small_gradients_outlive_half_precision(ws: Workspace, half: Device):
    config = replace(jobs.TINY, optimizer="sgd")
    data: Any = SimpleNamespace(labels=("green", "red"), train=SimpleNamespace(images=()))
    ready = setup.prepare(ws, config, data, device=half, report=Silent())
    learner = phases.make_learner(ready, Phase.FINE_TUNE)
    before = learner.values[1]
    inputs = np.random.default_rng(0).normal(size=(1, 4, *learner.model.input_shape[1:]))
    labels = np.array([[0, 1, 0, 1]], np.int32)

    weights = np.full((1, 4), 1e-7, np.float32)
    learner.train((inputs.astype(np.float16), labels, weights), np.full(1, 1e4, np.float32))

    assert np.mean(learner.values[1] != before) > 0.2
