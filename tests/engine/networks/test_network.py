"""Networks: what learns in a phase and what does not, and the whole being the sum of its parts."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from core.engine.loop.steps import Learner
from core.engine.networks import from_scratch, network
from core.engine.networks.network import Network
from core.engine.training import setup, training_data
from core.engine.training.progress import Silent
from core.models import summary, weights
from core.records import Phase, TrainConfig
from core.workspace import Workspace
from tests import builders
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
CONFIG = TrainConfig(
    dataset_id="d", backbone="Tiny", weights="none", image_size=32, freeze="block3"
)
BEHIND = {"block4_conv", "block5_conv"}


def built(**changes: object) -> Network:
    return network.build(replace(CONFIG, **changes), 3, None)  # type: ignore[arg-type]


def pictures(num: int = 6) -> np.ndarray:
    return np.asarray(from_scratch.pictures(32, 5)[:num])


def changed(before: dict[str, list[np.ndarray]], subject: Network) -> set[str]:
    return {
        layer.name
        for layer in subject.backbone.layers
        if any(
            not np.array_equal(was, now)
            for was, now in zip(before[layer.name], layer.get_weights(), strict=True)
        )
    }


def learn(subject: Network, phase: Phase) -> set[str]:
    """Train a few steps; name the layers of the backbone that have changed."""
    before = {layer.name: layer.get_weights() for layer in subject.backbone.layers}
    prefix = network.prefix(subject, phase)
    inputs = pictures() if prefix is None else np.asarray(prefix(pictures()))
    model = network.learner(subject, phase)
    learner = Learner(model, network.thaw(subject, phase))
    batch = (inputs[None], np.arange(6, dtype=np.int32)[None] % 3, np.ones((1, 6), np.float32))

    for _ in range(3):
        learner.train(batch, np.full(1, 0.01, np.float32))

    return changed(before, subject)


def test_in_the_head_phase_nothing_of_the_backbone_learns():
    assert learn(built(), Phase.HEAD) == set()


def test_in_fine_tuning_only_what_lies_behind_the_cut_learns_and_batchnorm_does_not():
    assert learn(built(), Phase.FINE_TUNE) == BEHIND


@pytest.mark.parametrize(
    ("freeze", "pooling"), [("all", "flatten"), ("none", "average"), ("block_11", "flatten")]
)
def test_as_many_numbers_learn_as_the_page_promises(freeze: str, pooling: str):
    real = replace(CONFIG, backbone="MobileNet-0.25", image_size=64, hidden_units=5)
    config = replace(real, freeze=freeze, pooling=pooling)
    config = replace(config, fine_tune_epochs=0 if freeze == "all" else 1)
    phase = Phase.FINE_TUNE if config.thaws else Phase.HEAD
    subject = network.build(config, 3, None)
    network.learner(subject, phase)

    learning = network.count(network.thaw(subject, phase))

    assert learning == summary.num_trainable(config, 3)


def test_the_rate_falls_with_every_block_from_the_head_on():
    subject = built(freeze="block3", hidden_units=5)
    network.learner(subject, Phase.FINE_TUNE)
    variables = network.thaw(subject, Phase.FINE_TUNE)

    shares = network.shares(subject, variables, 0.5)

    by_layer = {v.path.split("/")[-2]: share for v, share in zip(variables, shares, strict=True)}
    assert by_layer == {"block4_conv": 0.5, "block5_conv": 1.0, "hidden": 1.0, "logits": 1.0}


def test_thawing_everything_leaves_batchnorm_as_it_was():
    subject = built(freeze="none")

    names = learn(subject, Phase.FINE_TUNE)

    normal = keras.layers.BatchNormalization
    kernels = {x.name for x in subject.backbone.layers if x.weights and not isinstance(x, normal)}
    assert names == kernels
    assert len(kernels) == 5


def test_after_fine_tuning_the_head_phase_freezes_everything_again():
    subject = built()
    learn(subject, Phase.FINE_TUNE)

    assert learn(subject, Phase.HEAD) == set()


@pytest.mark.parametrize("pooling", ["average", "flatten"])
@pytest.mark.parametrize("freeze", ["block3", "none"])
def test_the_whole_is_prefix_then_learner_then_probabilities(pooling: str, freeze: str):
    subject = built(pooling=pooling, freeze=freeze, hidden_units=5)
    outputs = []
    for phase in Phase:
        prefix = network.prefix(subject, phase)
        inputs = pictures() if prefix is None else prefix(pictures())
        outputs.append(keras.ops.softmax(network.learner(subject, phase)(inputs)))

    whole = np.asarray(network.whole(subject)(pictures()))

    for said in outputs:
        assert np.asarray(said) == pytest.approx(whole, abs=1e-6)


def test_with_all_frozen_there_is_nothing_to_thaw():
    assert not network.can_thaw(built(freeze="all"))
    assert network.can_thaw(built(freeze="none"))


def test_a_weights_file_that_is_replaced_is_read_anew(ws: Workspace, monkeypatch):
    builders.make_dataset(ws, num=20)
    config = replace(CONFIG, dataset_id=jobs.TINY.dataset_id, weights="imagenet", freeze="all")
    monkeypatch.setattr(weights, "locate", lambda backbone, size: ws.root / "x.weights.h5")
    found = []
    for seed in (1, 2):
        values = built(seed=seed).backbone
        values.save_weights(ws.root / "x.weights.h5")
        ready = setup.prepare(
            ws, config, training_data.read(ws, config), device=jobs.CPU, report=Silent()
        )
        found.append((values.get_weights(), ready.network.backbone.get_weights()))

    for written, read in found:
        assert all(np.array_equal(a, b) for a, b in zip(written, read, strict=True))


def test_a_random_start_is_a_function_of_the_seed():
    one, same, other = (built(seed=seed).backbone.get_weights() for seed in (1, 1, 2))

    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0])


def test_a_random_start_lets_signals_through():
    maps = np.asarray(built().backbone(pictures()))

    assert 0.1 < maps.std() < 10


def test_the_portable_network_is_the_same_in_single_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        half = built()
        single = network.portable(half, CONFIG.backbone)
    finally:
        keras.config.set_dtype_policy("float32")

    assert half.backbone.layers[-1].compute_dtype == "float16"
    assert single.backbone.layers[-1].compute_dtype == "float32"
    same = zip(half.backbone.get_weights(), single.backbone.get_weights(), strict=True)
    assert all(np.array_equal(a, b) for a, b in same)
