"""Answering only when sure: counted by hand, and what a choice gives on images it has not seen."""

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import answering

TRIALS = 60


def test_what_is_answered_and_right_is_counted_from_each_percent_on():
    found = answering.thresholds(
        np.array([0.505, 0.6, 0.605, 0.8, 1.0]), np.array([False, False, True, True, True])
    )

    assert found.images == found.answered[0] == found.answered[50] == 5
    assert (found.answered[51], found.answered[60], found.answered[61]) == (4, 4, 2)
    assert (found.right[0], found.right[61], found.right[81], found.right[99]) == (3, 2, 1, 1)
    assert [one.percent for one in found.goals] == [None, None, None]  # five tell nothing


def test_the_least_confidence_that_reaches_a_goal_is_chosen():
    confidence = np.repeat([0.505, 0.605, 0.8], [5, 5, 90])
    right = np.repeat([False, True], [10, 90])

    found = answering.thresholds(confidence, right)

    assert [one.goal for one in found.goals] == [0.90, 0.95, 0.99]
    assert [one.percent for one in found.goals] == [0, 61, 61]  # from 51 on 90 of 95, which is .947
    assert found.of(0.99).percent == 61


def test_no_threshold_is_set_by_a_handful_of_answers():
    confidence, right = np.linspace(0.2, 0.99, 40), np.arange(40) >= 22

    assert answering.thresholds(confidence, right).of(0.95).percent is None  # 18 of the last 20
    assert answering.thresholds(confidence, np.arange(40) >= 20).of(0.95).percent is not None
    assert answering.thresholds(confidence[:0], right[:0]).of(0.95).percent is None


def drawn(num: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """Draw answers of a calibrated model of six classes, 81 % of them right."""
    labels, strength = rng.integers(0, 6, num), 2.2
    seen = rng.normal(0, 1, (num, 6))
    seen[np.arange(num), labels] += strength
    shares = np.exp(seen * strength)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares.max(axis=1), shares.argmax(axis=1) == labels


def test_on_new_images_a_choice_gives_what_the_page_says():
    """The table of docs/decisions/answers.md, in short."""
    confidence, right = drawn(40_000, np.random.default_rng(9))
    for images in (60, 230):
        rng, found = np.random.default_rng(images), []
        for _ in range(TRIALS):
            percent = answering.thresholds(*drawn(images, rng)).of(0.95).percent
            if percent is not None:
                found.append(right[confidence >= percent / 100].mean())

        low, high = answering.on_new_images(images)
        assert low - 0.01 < np.mean(found) < high + 0.005
