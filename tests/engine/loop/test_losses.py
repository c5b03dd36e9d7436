"""Losses of single images: the cross-entropy of the field, and what a teacher adds to it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.engine.loop import losses
from core.engine.loop.losses import Distillation
from core.engine.loop.steps import Learner

pytestmark = pytest.mark.engine


def softmax(values: np.ndarray) -> np.ndarray:
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def test_what_a_teacher_says_is_softened_and_keeps_the_size_of_its_gradient():
    """Hinton et al. (2015), equation 2: the gradient is T (softmax(z / T) - softmax(v / T))."""
    rng = np.random.default_rng(0)
    student, teacher = rng.normal(size=(2, 5, 4)).astype("float32") * 3
    logits = tf.Variable(student)

    with tf.GradientTape() as tape:
        found = losses.soft_cross_entropy(logits, teacher, 3.0)
        total = tf.reduce_sum(found)

    shares, soft = softmax(teacher / 3), softmax(student / 3)
    assert found.numpy() == pytest.approx(-9 * (shares * np.log(soft)).sum(axis=1), rel=1e-4)
    assert tape.gradient(total, logits).numpy() == pytest.approx(3 * (soft - shares), abs=1e-5)


def test_a_constant_added_to_all_of_a_teachers_logits_changes_nothing():
    logits, taught = np.zeros((1, 2), "float32"), np.array([[1.0, 3.0]], "float32")

    one, other = (losses.soft_cross_entropy(logits, taught + c, 2.0).numpy() for c in (0, 7))

    assert one == pytest.approx(other, rel=1e-5)


def test_one_logit_is_two_classes_for_a_teacher_too():
    one, taught = np.array([[1.5]], "float32"), np.array([[0.2, 0.9]], "float32")
    two = np.array([[0.0, 1.5]], "float32")

    found = [losses.soft_cross_entropy(logits, taught, 2.0).numpy() for logits in (one, two)]

    assert found[0] == pytest.approx(found[1], rel=1e-6)


def learner(share: float) -> Learner:
    inputs = keras.Input((4,))
    dense = keras.layers.Dense(3, kernel_initializer="zeros")
    model = keras.Model(inputs, dense(inputs))
    mixed = Distillation(share=share, temperature=2.0)
    return Learner(model, dense.trainable_variables, optimizer="sgd", distillation=mixed)


def step(share: float, teacher: np.ndarray) -> tuple[list[np.ndarray], float]:
    """Take one step, at a rate of 1; give what the numbers became, and the loss that is told."""
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(1, 6, 4)).astype("float32")
    labels, weights = np.zeros((1, 6), "int32"), np.ones((1, 6), "float32")
    subject = learner(share)
    told = subject.train((inputs, labels, weights, teacher), np.ones(1, "float32"))
    return subject.values, told.loss / told.images


def test_the_labels_and_the_teacher_share_the_gradient():
    teacher = np.tile(np.array([0.0, 0.0, 4.0], "float32"), (1, 6, 1))

    (half, _), (labels, _), (taught, _) = (step(s, teacher) for s in (0.5, 1e-9, 1.0))

    for a, b, c in zip(half, labels, taught, strict=True):
        assert a == pytest.approx((b + c) / 2, abs=1e-5)
    assert labels[1].argmax() == 0
    assert taught[1].argmax() == 2


def test_the_loss_that_is_told_is_that_of_the_labels():
    """So that curves of both parts, with a teacher and without, can be compared."""
    teacher = np.tile(np.array([0.0, 0.0, 4.0], "float32"), (1, 6, 1))

    assert step(1.0, teacher)[1] == pytest.approx(np.log(3))
