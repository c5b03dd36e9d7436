"""A gain of one model over another: its interval, by images or groups."""

import numpy as np
import pytest

from core.judging.evaluation import gains


def test_a_gain_is_the_difference_of_shares_within_its_interval():
    first, second = np.arange(400) >= 100, np.arange(400) >= 40

    found = gains.measure(first, second)

    assert found.value == pytest.approx(0.15)
    assert 0.1 < found.low < 0.11 < 0.19 < found.high < 0.2


def test_nothing_changed_is_no_certainty():
    same = np.ones(30, bool)

    found = gains.measure(same, same)

    assert found.value == 0.0
    assert found.low < -0.03
    assert found.high > 0.03


def test_images_of_a_group_are_one_witness():
    first, second = np.arange(400) >= 100, np.arange(400) >= 40

    alone, grouped = (
        gains.measure(first, second, groups)
        for groups in ([""] * 400, [f"site {i // 40}" for i in range(400)])
    )

    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)


def test_several_at_once_are_wider():
    first, second = np.arange(400) >= 100, np.arange(400) >= 40

    one, ten = (gains.measure(first, second, comparisons=num) for num in (1, 10))

    assert ten.low < one.low < one.high < ten.high


@pytest.mark.parametrize("num", [0, 1])
def test_hardly_any_images_say_nothing(num: int):
    found = gains.measure(np.ones(num, bool), np.ones(num, bool))

    assert (found.low, found.high) == (-1.0, 1.0)
