"""Whether a class is seen at the border of its pictures."""

import numpy as np
import pytest

from core.judging import border


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (6, 6), (7, 14), (8, 8)])
def test_even_heat_has_an_even_share_whatever_the_map(shape: tuple[int, int]):
    assert border.share(np.ones(shape)) == pytest.approx(border.EVEN)
    assert pytest.approx(7 / 16) == border.EVEN


def test_heat_in_the_ring_is_counted_and_cold_places_are_not():
    heat = np.zeros((8, 8))
    heat[0, 3], heat[4, 4], heat[5, 5] = 3, 1, -9

    assert border.share(heat) == pytest.approx(0.75)
    assert border.share(-np.ones((4, 4))) == border.EVEN


def test_a_place_half_in_the_ring_counts_half():
    heat = np.zeros((4, 4))
    heat[0, 1] = 1  # its upper half lies in the ring

    assert border.share(heat) == pytest.approx(0.5)


def test_most_pictures_have_to_have_clearly_more():
    clearly, hardly = 0.6, 0.45

    assert border.sure([clearly] * 10) == (10, pytest.approx(2 / 2**10))
    assert border.sure([hardly] * 10) == (0, 1.0)
    assert border.sure([clearly] * 6 + [hardly] * 4)[1] > 0.5


def test_pictures_of_a_group_count_once():
    assert border.sure([0.6] * 10, ["a"] * 5 + ["b"] * 5) == (10, 0.5)
