"""Temperature, reliability and thresholds: on planted cases."""

import numpy as np
import pytest

from core.judging.evaluation import calibration
from core.judging.statistics import wilson


def planted(images: int, sharpness: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels from logits, and give the logits too sharp by a factor."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (images, 4))
    shares = calibration.probabilities(logits)
    labels = (rng.random((images, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    return logits * sharpness, labels


def test_a_planted_temperature_is_found():
    assert calibration.temperature(*planted(5000, 2.0)) == pytest.approx(2.0, rel=0.06)
    assert calibration.temperature(*planted(5000, 0.5)) == pytest.approx(0.5, rel=0.06)


def test_few_images_move_the_temperature_little():
    found = [calibration.temperature(*planted(5, 1.0, seed)) for seed in range(20)]

    assert 0.6 < min(found) <= max(found) < 1.7
    assert calibration.temperature(np.zeros((0, 3)), np.zeros(0, int)) == 1.0


def test_all_answers_right_do_not_end_in_a_temperature_of_nothing():
    logits, _ = planted(40, 1.0)

    assert calibration.temperature(logits, logits.argmax(axis=1)) > 0.3


def test_one_sigmoid_is_two_classes():
    logit = np.array([[0.3], [-2.0]])

    shares = calibration.probabilities(logit, 2.0)

    assert shares[:, 1] == pytest.approx(1 / (1 + np.exp(-logit[:, 0] / 2)))
    assert shares.sum(axis=1) == pytest.approx(1)
    both = np.hstack([np.zeros((2, 1)), logit])
    labels = np.array([1, 0])
    one, two = calibration.temperature(logit, labels), calibration.temperature(both, labels)
    assert one == pytest.approx(two)


def test_bins_hold_as_many_images_each_and_none_below_twenty():
    confidence = np.linspace(0.3, 1, 105)
    right = np.arange(105) % 2 == 0

    bins = calibration.reliability(confidence, right)

    assert [one.images for one in bins] == [21] * 5
    assert sum(round(one.right.value * one.images) for one in bins) == right.sum()
    assert [one.confidence for one in bins] == sorted(one.confidence for one in bins)
    assert (bins[0].right.low, bins[0].right.high) == wilson(11, 21)
    assert calibration.reliability(confidence[:19], right[:19]) == ()


def test_a_temperature_is_needed_only_where_more_than_chance_says_so():
    rng = np.random.default_rng(1)
    true = rng.normal(size=(400, 3)) * 2
    labels = np.array([rng.choice(3, p=row) for row in calibration.probabilities(true)])

    assert calibration.is_needed(true * 3, labels, 3.0)
    assert not calibration.is_needed(true, labels, 1.1)
    assert not calibration.is_needed(true[:0], labels[:0], 2.0)
    one_burst = ["burst"] * 400
    assert not calibration.is_needed(true * 1.3, labels, 1.3, one_burst)


def test_a_share_of_groups_is_less_sure_than_one_of_images():
    right = np.repeat([True, False, True, True], 10)
    groups = [f"site {n // 10}" for n in range(40)]

    alone, together = calibration.of_right(right), calibration.of_right(right, groups)

    assert alone.value == together.value == 0.75
    assert together.high - together.low > alone.high - alone.low
