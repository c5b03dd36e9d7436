"""Training steps: sums as the field defines them, fill that teaches nothing, two devices as one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from core.engine.loop.losses import cross_entropy
from core.engine.loop.steps import Learner, Sums

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[3]


def learner(outputs: int = 3, optimizer: str = "sgd", **more: Any) -> Learner:
    inputs = keras.Input((4,))
    dense = keras.layers.Dense(outputs, kernel_initializer=keras.initializers.GlorotUniform(1))
    return Learner(
        keras.Model(inputs, dense(inputs)),
        dense.trainable_variables,
        optimizer=optimizer,
        **more,
    )


def data(batches: int, size: int, classes: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(batches, size, 4)).astype("float32")
    labels = rng.integers(0, classes, (batches, size)).astype("int32")
    return inputs, labels, np.ones((batches, size), "float32")


def test_the_cross_entropy_is_minus_the_log_of_the_probability_in_nats():
    logits = np.log(np.array([[0.2, 0.5, 0.3]], "float32"))

    assert cross_entropy(logits, np.array([2], "int32")).numpy() == pytest.approx(-np.log(0.3))


def test_one_logit_is_that_of_the_second_class():
    logits = np.array([[2.0]], "float32")
    odds = 1 / (1 + np.exp(-2.0))

    assert cross_entropy(logits, np.array([1], "int32")).numpy() == pytest.approx(-np.log(odds))
    assert cross_entropy(logits, np.array([0], "int32")).numpy() == pytest.approx(-np.log(1 - odds))


def test_sums_are_over_images_and_learning_does_not_wait_for_the_end():
    one, two = learner(), learner()
    inputs, labels, weights = data(2, 8)

    both = one.train((inputs, labels, weights), np.array([0.1, 0.1], "float32"))
    apart = Sums()
    for i in (0, 1):
        batch = (inputs[i : i + 1], labels[i : i + 1], weights[i : i + 1])
        apart += two.train(batch, np.array([0.1], "float32"))

    assert both.images == apart.images == 16
    assert both.loss == pytest.approx(apart.loss, rel=1e-6)
    assert [a.tobytes() for a in one.state] == [b.tobytes() for b in two.state]


def test_each_batch_of_a_call_has_its_own_rate():
    one, two = learner(), learner()
    inputs, labels, weights = data(2, 8)

    one.train((inputs, labels, weights), np.array([0.0, 0.1], "float32"))
    two.train((inputs[1:], labels[1:], weights[1:]), np.array([0.1], "float32"))

    assert one.values[0].tobytes() == two.values[0].tobytes()


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop"])
def test_a_variable_moves_by_its_share_of_the_rate(optimizer: str):
    whole, shared = (learner(optimizer=optimizer, shares=s) for s in ((), (0.25, 1.0)))
    before = whole.values[0]

    for subject in (whole, shared):
        subject.train(data(1, 8), np.full(1, 0.01, "float32"))

    moved = shared.values[0] - before
    assert moved == pytest.approx(0.25 * (whole.values[0] - before), rel=1e-3, abs=1e-7)
    assert np.array_equal(whole.values[1], shared.values[1])


def test_after_a_solved_head_weights_are_kept_small_at_their_share_and_biases_are_not():
    subject = learner(outputs=2, optimizer="solve", shares=(0.5, 1.0))
    kernel, bias = subject.values[0], np.full(2, 3.0, "float32")
    subject.values = [kernel, bias]
    inputs, labels = np.zeros((1, 2, 4), "float32"), np.array([[0, 1]], "int32")

    subject.train((inputs, labels, np.ones((1, 2), "float32")), np.full(1, 0.1, "float32"))

    assert subject.values[0] == pytest.approx(kernel * (1 - 0.1 * 0.5 * 0.05))
    assert np.array_equal(subject.values[1], bias)


def test_a_rate_of_zero_changes_nothing():
    subject = learner()
    before = subject.values[0]

    subject.train(data(1, 8), np.zeros(1, "float32"))

    assert np.array_equal(before, subject.values[0])


def test_fill_is_not_counted_and_teaches_nothing():
    plain, filled = learner(), learner()
    inputs, labels, weights = data(1, 6)

    first = plain.train((inputs, labels, weights), np.ones(1, "float32"))
    more = [np.concatenate([a, a[:, :2]], axis=1) for a in (inputs, labels)]
    fill = np.pad(weights, ((0, 0), (0, 2)))
    second = filled.train((more[0], more[1], fill), np.ones(1, "float32"))

    assert first.images == second.images == 6
    assert first.loss == pytest.approx(second.loss, rel=1e-6)
    assert filled.values[0] == pytest.approx(plain.values[0], rel=1e-5)


def test_class_weights_act_on_learning_and_not_on_the_loss_that_is_told():
    plain, weighted = learner(), learner()
    inputs, labels, weights = data(1, 8)

    first = plain.train((inputs, labels, weights), np.ones(1, "float32"))
    second = weighted.train((inputs, labels, weights * 2), np.full(1, 0.5, "float32"))

    assert first == second
    assert weighted.values[0] == pytest.approx(plain.values[0], rel=1e-5)


def test_a_scaled_loss_teaches_the_same():
    plain, scaled = learner(), learner(loss_scale=1024.0)

    first = plain.train(data(1, 8), np.ones(1, "float32"))
    second = scaled.train(data(1, 8), np.ones(1, "float32"))

    assert first == second
    assert scaled.values[0] == pytest.approx(plain.values[0], rel=1e-5)


def test_what_overflows_under_the_scale_teaches_nothing():
    subject = learner(loss_scale=1e30)
    before = subject.values
    inputs, labels, weights = data(1, 8)
    inputs[..., 0] = 1e10

    subject.train((inputs, labels, weights), np.ones(1, "float32"))

    kernel, bias = subject.values
    assert np.array_equal(kernel[0], before[0][0])
    assert np.isfinite(kernel).all()
    assert not np.array_equal(bias, before[1])


def test_a_test_changes_nothing():
    subject = learner(outputs=1, optimizer="adam")
    before = [a.tobytes() for a in subject.state]

    batches = data(2, 5, classes=2)

    sums, named = subject.test(batches)

    assert sums.images == len(named) == 10
    assert sums.figure == (named == batches[1].ravel()).sum()
    assert [a.tobytes() for a in subject.state] == before


def test_state_is_put_back_to_the_bit():
    subject = learner(optimizer="adam")
    subject.train(data(3, 8), np.full(3, 0.1, "float32"))
    state = subject.state
    subject.train(data(3, 8), np.full(3, 0.1, "float32"))

    subject.state = state

    assert [a.tobytes() for a in subject.state] == [a.tobytes() for a in state]


def test_two_devices_learn_what_one_does():
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.mirrored"],
        cwd=ROOT,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    one, two = json.loads(done.stdout)
    assert two["replicas"] == 2
    assert two["losses"] == pytest.approx(one["losses"], rel=1e-5)
    assert two["tested"] == pytest.approx(one["tested"], rel=1e-5)
    assert two["images"] == one["images"] == len(one["right"]) == 19
    assert two["right"] == one["right"]
    assert 0 < sum(one["right"]) < 19
    assert len(one["run"]) == 5  # epochs of both phases
    assert np.abs(np.array(two["run"]) - np.array(one["run"])).max() < 1e-6


def test_sums_do_not_depend_on_how_many_batches_a_call_takes():
    judge, arrays = learner(), data(60, 8)

    def total(size: int) -> tuple[Sums, list[bool]]:
        calls = (tuple(a[i : i + size] for a in arrays) for i in range(0, 60, size))
        told = [judge.test(call) for call in calls]
        return sum((sums for sums, _ in told), Sums()), np.concatenate(
            [r for _, r in told]
        ).tolist()

    assert total(1) == total(7) == total(60)
