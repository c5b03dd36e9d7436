"""What a difference costs to be claimed, and what could have been found."""

import numpy as np
import pytest

from core.judging.evaluation import comparing
from core.judging.statistics import sign_test


def test_folds_that_share_images_make_fewer_witnesses_of_the_same_pairs():
    assert comparing.spread_sign_test(30, 10) > sign_test(30, 10)
    assert comparing.spread_sign_test(0, 0) == 1.0


def test_p_is_paid_for_comparisons_and_looks():
    first, second = np.zeros(100, bool), np.arange(100) < 40

    found = comparing.side_by_side(first, second, [""] * 100, comparisons=4, looks=2)

    assert found.paid == pytest.approx(8 * found.p)
    assert found.is_better
    assert not found.is_worse
    assert found.gain == pytest.approx(0.4)


@pytest.mark.parametrize("images", [300, 1200])
def test_a_difference_that_could_be_found_is_found_four_times_of_five(images: int):
    rng, changed = np.random.default_rng(5), 0.1
    least = comparing.least_difference(images, changed, comparisons=4, looks=1)

    found = 0
    for _ in range(400):
        sides = rng.choice(
            [-1, 0, 1], images, p=[(changed - least) / 2, 1 - changed, (changed + least) / 2]
        )
        p = comparing.spread_sign_test(int((sides > 0).sum()), int((sides < 0).sum()))
        found += 4 * p < 0.05

    assert 0.7 < found / 400 < 0.95


@pytest.mark.parametrize(("images", "changed"), [(39, 0.12), (39, 0.0), (200, 0.02), (60, 0.12)])
def test_few_images_or_changes_promise_no_more_than_the_exact_test_finds(
    images: int, changed: float
):
    rng = np.random.default_rng(5)
    least = comparing.least_difference(images, changed, comparisons=4, looks=2)

    found = 0
    for _ in range(400):  # all that change are better, as a difference so large needs it
        better = int(rng.binomial(images, least))
        found += 8 * comparing.spread_sign_test(better, 0) < 0.05

    assert 0.7 < found / 400 < 0.95


def test_no_images_show_nothing():
    assert comparing.least_difference(0, 0.1, comparisons=1, looks=1) == 1.0
