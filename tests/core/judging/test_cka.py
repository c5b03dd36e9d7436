"""Linear CKA: by hand, and what it does not see."""

import numpy as np
import pytest

from core.judging import cka

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(0, 1, (40, 6))


def test_turned_scaled_and_shifted_features_are_the_same():
    turn = np.linalg.qr(RNG.normal(0, 1, (6, 6)))[0]

    assert cka.linear(FEATURES, 3 * FEATURES @ turn + 5) == pytest.approx(1.0)


def test_it_is_what_the_definition_says():
    first, second = np.array([[0.0, 0.0], [1.0, 2.0], [1.0, 0.0]]), np.array([[0.0], [2.0], [0.0]])
    x, y = first - first.mean(0), second - second.mean(0)
    wanted = np.linalg.norm(y.T @ x) ** 2 / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))

    assert cka.linear(first, second) == pytest.approx(wanted)
    assert 0.5 < wanted < 1


def test_features_that_have_nothing_to_do_with_each_other_are_not_alike():
    assert cka.linear(RNG.normal(0, 1, (400, 3)), RNG.normal(0, 1, (400, 3))) < 0.05


def test_features_that_tell_nothing_apart_and_such_as_are_no_numbers():
    same = np.ones((40, 3))

    assert cka.linear(same, same) == 1.0
    assert cka.linear(FEATURES, same) == 0.0
    assert cka.linear(FEATURES, np.full((40, 3), np.nan)) == 0.0
