"""Two models on the same images, against values worked out by hand."""

import numpy as np
import pytest

from core.judging import paired
from core.records import Paired


def answers(*runs: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Give the answers of two models: so many images, whether each is right."""
    first = [bool(a) for num, a, _ in runs for _ in range(num)]
    second = [bool(b) for num, _, b in runs for _ in range(num)]
    return np.array(first), np.array(second)


@pytest.mark.parametrize(
    ("fixed", "broke", "p", "is_worse", "is_better"),
    [
        (0, 0, 1.0, False, False),
        (0, 5, 2 / 32, False, False),
        (0, 6, 2 / 64, True, False),
        (6, 0, 2 / 64, False, True),
        (1, 7, 2 * 9 / 256, False, False),
        (1, 8, 2 * 10 / 512, True, False),
    ],
)
def test_only_images_of_which_one_model_is_right_count(fixed, broke, p, is_worse, is_better):
    first, second = answers((30, 1, 1), (9, 0, 0), (fixed, 0, 1), (broke, 1, 0))

    found = paired.compare(first, second)

    assert (found.fixed, found.broke) == (found.better, found.worse) == (fixed, broke)
    assert found.p == pytest.approx(p)
    assert (found.is_worse, found.is_better) == (is_worse, is_better)


def test_of_a_group_its_net_change_counts_once():
    """Groups a: 2 broke; b: 1 broke, 1 fixed; c to g: 1 broke each; one alone: fixed."""
    first = np.array([1, 1, 1, 0, 1, 1, 1, 1, 1, 0], bool)
    second = np.array([0, 0, 0, 1, 0, 0, 0, 0, 0, 1], bool)

    found = paired.compare(first, second, [*"aabbcdefg", ""])

    assert found == Paired(fixed=2, broke=8, better=1, worse=6, p=2 * 8 / 128)
    assert not found.is_worse


def test_a_large_group_does_not_outvote_the_others():
    first, second = answers((20, 1, 0), (10, 0, 1))

    found = paired.compare(first, second, ["burst"] * 20 + [""] * 10)

    assert found.p < 0.05
    assert not found.is_worse
    assert not found.is_better


def test_without_images_nothing_is_known():
    nothing = np.zeros(0, bool)

    assert paired.compare(nothing, nothing) == Paired(fixed=0, broke=0, better=0, worse=0, p=1.0)


def test_the_p_of_several_comparisons_are_corrected_in_their_order():
    """Holm's own steps: 3 x .01, 2 x .03 and 1 x .04, which is no less than the one before."""
    assert paired.holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert paired.holm([0.9, 0.8]) == [1.0, 1.0]
    assert paired.holm([]) == []
