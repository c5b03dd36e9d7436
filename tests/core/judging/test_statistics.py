"""The interval of an accuracy, against published values."""

import pytest

from core.judging.statistics import accuracy, of_share, overlap, sign_test, wilson


@pytest.mark.parametrize(
    ("correct", "images", "low", "high"),
    [(6, 6, 0.6097, 1.0), (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (95, 100, 0.8882, 0.9785)],
)
def test_the_interval_is_wilsons(correct: int, images: int, low: float, high: float):
    assert wilson(correct, images) == pytest.approx((low, high), abs=2e-4)


def test_without_images_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)
    assert accuracy(0, 0, largest_class=0).accuracy == 0.0


@pytest.mark.parametrize(
    ("better", "worse", "chance"),
    [(0, 0, 1.0), (5, 5, 1.0), (6, 0, 0.03125), (0, 6, 0.03125), (5, 0, 0.0625), (9, 1, 0.021484)],
)
def test_uneven_counts_are_as_rare_as_throws_of_a_coin(better: int, worse: int, chance: float):
    assert sign_test(better, worse) == pytest.approx(chance, abs=1e-6)


@pytest.mark.parametrize(
    ("correct", "apart"),
    [(43, False), (40, False), (30, True)],
)
def test_scores_whose_intervals_overlap_may_differ_by_chance(correct: int, apart: bool):
    assert overlap(of_share(1.0, 44), of_share(correct / 44, 44)) is not apart
