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


def marked(num: int, rng: np.random.Generator, *, strength: float) -> np.ndarray:
    """Make maps of 6 x 6 with heat in the middle, wherever it is, and a mark at the top left."""
    maps = rng.random((num, 6, 6)) * 0.3
    maps[:, 1:-1, 1:-1] += rng.random((num, 4, 4)) * 2
    maps[:, 0, 0] += strength
    return maps


def test_a_small_mark_in_one_place_is_found_that_the_ring_does_not_show():
    maps = marked(23, np.random.default_rng(0), strength=2.5)

    found = border.mark(maps)

    assert border.sure([border.share(one) for one in maps])[1] == 1.0
    assert found is not None
    assert (found.row, found.column, found.pictures) == (0, 0, 23)
    assert found.p == pytest.approx(20 * 0.5**23)  # of 20 places of the border


def test_without_a_mark_no_place_is_surely_hotter():
    rng = np.random.default_rng(1)
    found = [border.mark(marked(23, rng, strength=0.0)) for _ in range(100)]

    assert sum(one is not None and one.p < 0.05 for one in found) <= 1


def test_what_lies_above_in_all_pictures_is_no_mark():
    maps = marked(40, np.random.default_rng(2), strength=0.0)
    maps[:, 0, :] += 3  # a sky

    found = border.mark(maps)

    assert found is not None
    assert found.p > 0.05


def test_pictures_of_a_group_are_one_witness_of_a_mark():
    maps = marked(24, np.random.default_rng(0), strength=2.5)
    groups = [f"site {n // 8}" for n in range(24)]

    found = border.mark(maps, groups)

    assert found is not None
    assert (found.pictures, found.p) == (24, 1.0)  # 20 / 8
    assert border.mark(np.zeros((3, 1, 1))) is None
    assert border.mark(np.ones((3, 1, 1)) * 9) is None
