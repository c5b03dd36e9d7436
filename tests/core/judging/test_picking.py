"""What choosing between two models by the images that judge them adds to the score."""

from dataclasses import replace
from math import comb

import numpy as np
import pytest

from benchmarks import coverage
from core.judging import paired, picking
from core.judging.statistics import accuracy, sign_test


def test_where_both_answer_alike_there_is_no_choice_and_no_cost():
    right = np.array([True] * 9 + [False])

    assert picking.cost(right, right) == 0.0


def test_the_cost_is_what_the_rule_gains_by_chance_on_average():
    """Of 16 images the first names all rightly and the second 10.

    Drawn anew, B of 16 are broken, with a chance of 6/16 each. From 6 on the first is kept, which
    scores 1 as it does in truth; else the second, which scores (16 - B)/16 and 10/16 in truth.
    """
    chances = [comb(16, b) * (6 / 16) ** b * (10 / 16) ** (16 - b) for b in range(17)]
    expected = sum(chance * (6 - b) / 16 for b, chance in enumerate(chances) if b < 6)
    first = np.ones(16, bool)
    second = np.arange(16) >= 6

    assert paired.compare(first, second).is_worse
    assert picking.cost(first, second) == pytest.approx(expected, abs=0.003)
    assert picking.cost(first, second) == picking.cost(first, second)


def test_images_of_a_group_are_drawn_together():
    first = np.ones(16, bool)
    second = np.arange(16) >= 6
    groups = [str(i // 4) for i in range(16)]  # a group that is broken, one that is half so

    assert not paired.compare(first, second, groups).is_worse
    assert picking.cost(first, second, groups) == pytest.approx(0.0, abs=0.01)
    assert picking.cost(first, second) > 0.02


def test_the_rule_in_a_draw_is_that_of_the_paired_test():
    least = picking._least(6)

    for pairs in range(65):
        sure = [worse for worse in range(pairs + 1) if sign_test(pairs - worse, worse) < 0.05]
        most = [worse for worse in sure if 2 * worse > pairs]
        assert least[pairs] == min(most, default=pairs + 1), pairs


def test_only_the_lower_bound_moves_and_never_below_nothing():
    score = accuracy(40, 50, largest_class=25)

    assert picking.widened(score, 0.02) == replace(score, low=score.low - 0.02)
    assert picking.widened(score, 2.0).low == 0.0


@pytest.mark.parametrize("ends_early", [False, True])
def test_the_range_holds_as_often_as_it_says_where_the_same_images_chose(ends_early: bool):
    """A small part of ``bench coverage``: what is fine-tuned is truly worse, or no better."""
    held = [
        coverage.measure(coverage.Setting(images=50, gain=gain, ends_early=ends_early), 10)
        for gain in (-0.05, 0.0)
    ]

    assert all(0.93 <= each.widened <= 0.985 for each in held)
    assert all(each.widened >= each.plain for each in held)
    assert ends_early or held[0].too_high < held[0].moved + 0.01
