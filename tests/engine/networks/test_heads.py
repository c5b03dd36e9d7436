"""Every head: its shape, its probabilities, its seed."""

import itertools
from dataclasses import replace

import keras
import numpy as np
import pytest

from core.engine.networks import heads
from core.models.catalog import HEADS
from core.records import TrainConfig
from core.records.training import OUTPUTS

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
CONFIG = TrainConfig(dataset_id="d")


def whole(head: heads.Head) -> keras.Model:
    maps = keras.Input((3, 3, 5))
    return keras.Model(maps, heads.apply((head.pool, *head.layers, head.activation), maps))


@pytest.mark.parametrize(
    ("pooling", "output", "hidden"), list(itertools.product(HEADS, OUTPUTS, (0, 7)))
)
def test_a_head_gives_probabilities(pooling: str, output: str, hidden: int):
    config = replace(CONFIG, pooling=pooling, output=output, hidden_units=hidden)
    maps = np.random.default_rng(0).normal(size=(4, 3, 3, 5)).astype("float32")

    said = np.asarray(whole(heads.build_head(config, 2))(maps))

    assert said.shape == (4, 1 if output == "sigmoid" else 2)
    assert np.all((said > 0) & (said < 1))
    if output == "softmax":
        assert said.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-6)


def test_a_head_starts_from_its_seed_alone():
    keras.utils.set_random_seed(1)
    first = whole(heads.build_head(CONFIG, 3)).get_weights()
    keras.utils.set_random_seed(2)
    same = whole(heads.build_head(CONFIG, 3)).get_weights()
    other = whole(heads.build_head(replace(CONFIG, seed=8), 3)).get_weights()

    assert np.array_equal(first[0], same[0])
    assert not np.array_equal(first[0], other[0])


def test_without_dropout_there_is_no_such_layer():
    assert heads.build_head(replace(CONFIG, dropout=0.0), 3).dropouts == []
    assert len(heads.build_head(CONFIG, 3).dropouts) == 1
