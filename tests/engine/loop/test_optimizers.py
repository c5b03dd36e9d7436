"""The optimizers move variables as Keras' own do."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.engine.loop import optimizers

pytestmark = pytest.mark.engine


def moved(optimizer: keras.optimizers.Optimizer, num_steps: int = 30) -> np.ndarray:
    rng = np.random.default_rng(0)
    variable = keras.Variable(rng.normal(size=(5, 7)).astype("float32"))
    optimizer.build([variable])

    @tf.function
    def step(gradient: tf.Tensor, rate: tf.Tensor) -> None:
        optimizer.learning_rate.assign(rate)
        optimizer.apply([gradient], [variable])

    for number in range(num_steps):
        gradient = rng.normal(size=(5, 7), scale=10.0 ** (number % 7 - 3))
        step(tf.constant(gradient, tf.float32), tf.constant(0.1 / (number + 1)))
    return variable.numpy()


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("adam", keras.optimizers.Adam(1e-3)),
        ("adamw", keras.optimizers.AdamW(1e-3)),
        ("rmsprop", keras.optimizers.RMSprop(1e-3)),
        ("sgd", keras.optimizers.SGD(1e-3, momentum=0.9, nesterov=True)),
    ],
)
def test_each_goes_where_that_of_keras_goes(name: str, theirs: keras.optimizers.Optimizer):
    expected = moved(theirs)

    np.testing.assert_allclose(moved(optimizers.make(name)), expected, rtol=1e-5, atol=1e-6)


def test_the_decay_of_adamw_is_felt():
    assert np.abs(moved(optimizers.make("adamw")) - moved(optimizers.make("adam"))).max() > 1e-4


@pytest.mark.parametrize("name", sorted(optimizers.FACTORIES))
def test_what_is_learned_is_the_same_every_time(name: str):
    assert moved(optimizers.make(name)).tobytes() == moved(optimizers.make(name)).tobytes()
