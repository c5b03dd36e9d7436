"""Folding: a step that computes BatchNorm in the convolution learns what it learns without."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest

from core.engine.loop import folding
from core.engine.loop.steps import Learner
from core.engine.networks import backbones, from_scratch
from core.models import catalog

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
SIDE = 16
Build = Callable[[Any], Any]


def norm(**options: Any) -> keras.layers.BatchNormalization:
    return keras.layers.BatchNormalization(**options)


def convolved(**options: Any) -> keras.layers.Layer:
    return keras.layers.Conv2D(6, 3, padding="same", **options)


def plain(x: Any) -> Any:
    return norm()(convolved(use_bias=False)(x))


def with_bias(x: Any) -> Any:
    return norm(scale=False)(convolved(bias_initializer="ones")(x))


def depthwise(x: Any) -> Any:
    return norm(center=False)(keras.layers.DepthwiseConv2D(3, depth_multiplier=2, strides=2)(x))


def separable(x: Any) -> Any:
    return norm()(keras.layers.SeparableConv2D(5, 3, dilation_rate=2)(x))


def first_the_norm(x: Any) -> Any:
    return convolved()(norm()(x))


def read_twice(x: Any) -> Any:
    before = convolved()(x)
    return keras.layers.Add()([norm()(before), before])


def activated_before(x: Any) -> Any:
    return norm()(convolved(activation="relu")(x))


def one_layer_twice(x: Any) -> Any:
    layer = keras.layers.Conv2D(3, 3, padding="same")
    return norm()(layer(norm()(layer(x))))


def in_a_graph_of_its_own(x: Any) -> Any:
    inner = keras.Input((SIDE, SIDE, 3))
    return keras.Model(inner, plain(inner))(x)


def given_by_a_graph_too(x: Any) -> Any:
    inner = keras.Input((SIDE, SIDE, 3))
    before = convolved()(inner)
    return keras.layers.Add()(keras.Model(inner, [before, norm()(before)])(x))


BUILDS = (
    plain,
    with_bias,
    depthwise,
    separable,
    first_the_norm,
    read_twice,
    activated_before,
    one_layer_twice,
    in_a_graph_of_its_own,
    given_by_a_graph_too,
)


def norms(model: keras.Model) -> Iterator[Any]:
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from norms(layer)
        elif isinstance(layer, keras.layers.BatchNormalization):
            yield layer


def frozen(model: keras.Model) -> keras.Model:
    """Freeze each BatchNorm with numbers of its own, as a trained network has them."""
    rng = np.random.default_rng(5)
    for layer in norms(model):
        layer.set_weights([rng.uniform(0.9, 1.1, w.shape) for w in layer.get_weights()])
        layer.trainable = False
    return model


def network(build: Build) -> keras.Model:
    keras.utils.set_random_seed(3)
    pixels = keras.Input((SIDE, SIDE, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(keras.layers.ReLU()(build(pixels)))
    return frozen(keras.Model(pixels, keras.layers.Dense(2)(pooled)))


def learned(model: keras.Model, *, fold: bool) -> list[np.ndarray]:
    learner = Learner(model, model.trainable_variables, optimizer="sgd")
    learner._folds = learner._folds if fold else []
    rng = np.random.default_rng(1)
    images = rng.normal(size=(2, 4, SIDE, SIDE, 3)).astype("float32")
    labels = np.tile(np.array([0, 1, 0, 1], "int32"), (2, 1))
    learner.train((images, labels, np.ones((2, 4), "float32")), np.full(2, 0.1, "float32"))
    return learner.values


@pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.__name__)
def test_a_step_learns_the_same_with_and_without_folding(build):
    folded, kept = (learned(network(build), fold=fold) for fold in (True, False))

    for one, other in zip(folded, kept, strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5)


@pytest.mark.parametrize(
    ("build", "layers"),
    [
        (plain, ["Conv2D", "BatchNormalization"]),
        (depthwise, ["DepthwiseConv2D", "BatchNormalization"]),
        (separable, ["SeparableConv2D", "BatchNormalization"]),
        (in_a_graph_of_its_own, ["Conv2D", "BatchNormalization"]),
        (first_the_norm, ["BatchNormalization"]),
        (read_twice, ["BatchNormalization"]),
        (activated_before, ["BatchNormalization"]),
        (given_by_a_graph_too, ["BatchNormalization"]),
    ],
)
def test_a_convolution_takes_the_norm_in_only_where_nothing_else_reads_it(build, layers):
    found = folding.folds(network(build))

    assert [type(layer).__name__ for layer, _ in found] == layers


def test_a_norm_that_learns_stays_as_it_is():
    model = network(plain)
    next(norms(model)).trainable = True

    assert folding.folds(model) == []


def test_numbers_of_16_bits_stay_as_they_are():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        assert folding.folds(network(plain)) == []
    finally:
        keras.config.set_dtype_policy("float32")


def test_after_a_step_the_model_computes_as_it_was_built():
    model = network(plain)
    learned(model, fold=True)

    assert not any("call" in vars(layer) for layer in model.layers)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({x.constructor for x in catalog.BACKBONES.values()}))
def test_each_network_gives_the_same_logits(name):
    entries = [x for x in catalog.BACKBONES.values() if x.constructor == name]
    smallest = min(entries, key=lambda entry: entry.parameters)
    keras.utils.set_random_seed(3)
    side = max(96, smallest.smallest_size)  # at 1 x 1 the statistics of 16 pictures are hardly any
    model = backbones.build_backbone(smallest, side, None)
    from_scratch.measure(model, seed=1)  # without it signals grow, and rounding with them
    images = from_scratch.pictures(side, seed=2)[:2]
    before = model(images).numpy()

    with folding.applied(folding.folds(model)):
        after = model(images).numpy()

    nudged = np.abs(model(images * (1 + 1e-6)).numpy() - before).max()  # some amplify rounding
    assert np.abs(after - before).max() <= max(nudged, 1e-4 * np.abs(before).max())
