from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest

from core.engine.features import cache_folder
from core.engine.features.inputs import StoredFeatures
from core.engine.loop.batches import Part
from core.engine.loop.steps import Learner
from core.engine.serving import learning_rates
from core.engine.training import setup, training_data
from core.engine.training.progress import Silent
from core.errors import UserError
from core.records import Phase
from core.workspace import Workspace
from tests import builders
from tests.engine import jobs

pytestmark = pytest.mark.engine


def part(num: int = 256) -> Part:
    """Two classes that a linear head tells apart."""
    rng = np.random.default_rng(0)
    labels = np.arange(num, dtype=np.int32) % 2
    rows = rng.normal(0, 1, (num, 8)) + np.where(labels[:, None] == 1, 1.0, -1.0)
    features = StoredFeatures(rows.astype(np.float16), np.arange(num)[:, None], "", "")
    return Part(features, labels, np.ones(num, np.float32))


def learner(optimizer: str = "adam") -> Learner:
    keras.utils.set_random_seed(0)
    inputs = keras.Input((8,))
    model = keras.Model(inputs, keras.layers.Dense(2)(inputs))
    return Learner(model, model.trainable_variables, optimizer=optimizer)


def find(given: Part, batch_size: int = 32) -> learning_rates.LearningRateCurve:
    return learning_rates.sweep(learner(), given, batch_size=batch_size, seed=3, stop=lambda: False)


def test_the_suggestion_is_a_rate_that_learns_well():
    curve = find(part())

    assert 1e-4 < curve.suggestion < 1
    assert curve.suggestion in curve.learning_rates
    assert len(curve.learning_rates) == len(curve.losses)
    assert np.all(np.diff(curve.learning_rates) > 0)


def test_the_sweep_is_a_function_of_the_seed():
    assert find(part()) == find(part())


def test_a_sweep_ends_when_the_loss_runs_away():
    given = part()
    given.features.rows[:] *= 30
    given.labels[:] = np.random.default_rng(1).integers(0, 2, len(given))  # nothing to learn

    curve = learning_rates.sweep(learner("sgd"), given, batch_size=32, seed=3, stop=lambda: False)

    assert 20 < len(curve.losses) < learning_rates.NUM_STEPS
    assert np.isfinite(curve.losses).all()


@pytest.mark.parametrize("num", [4, 33])
def test_few_images_are_gone_through_again_and_again(num: int):
    assert len(find(part(num)).losses) >= 20


def test_a_loss_that_is_no_number_from_the_start_is_explained():
    broken = part()
    broken.features.rows[:] = np.nan

    with pytest.raises(UserError, match="ran away after 0 steps"):
        find(broken)


def test_a_sweep_can_be_stopped():
    asked = iter([False] * 30 + [True])

    curve = learning_rates.sweep(learner(), part(), batch_size=32, seed=3, stop=lambda: next(asked))

    assert len(curve.losses) == 31


def test_a_sweep_does_not_wait_for_a_run_that_prepares_the_same_images(ws: Workspace, monkeypatch):
    monkeypatch.setattr(learning_rates, "PATIENCE", 0.1)
    builders.make_dataset(ws, num=20)
    data = training_data.read(ws, jobs.TINY)
    ready = setup.prepare(ws, jobs.TINY, data, device=jobs.CPU, report=Silent())
    key = setup.key_of(ready, Phase.HEAD)

    with (
        ThreadPoolExecutor(1) as elsewhere,  # one thread may not wait for itself
        cache_folder.locked(ws.cache, key, waiting=lambda: None, stop=lambda: False),
        pytest.raises(UserError, match="Try again"),
    ):
        elsewhere.submit(learning_rates.find, ws, jobs.TINY, jobs.CPU).result(30)


def test_the_valley_is_the_longest_fall():
    rates = list(np.geomspace(1e-7, 10, 100))
    flat, falling, rising = (
        [2.0] * 40,
        list(np.linspace(2, 1, 31)[1:]),
        list(np.linspace(1, 9, 31)[1:]),
    )

    suggestion = learning_rates.valley(rates, flat + falling + rising)

    assert rates[50] <= suggestion <= rates[55]  # of a fall from 39 to 69
