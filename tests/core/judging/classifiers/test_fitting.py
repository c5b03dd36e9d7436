"""Classifiers learned by their names, and judged by images held back."""

import numpy as np
import pytest

from core.judging.classifiers import fitting
from core.judging.evaluation import calibration
from core.models.catalog import CLASSIFIERS


def drawn(signal: float, num: int = 150) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw features of three classes that lie so far apart, their labels and folds."""
    rng = np.random.default_rng(0)
    labels = np.arange(num) % 3
    features = rng.normal(size=(num, 16))
    features[np.arange(num), labels] += signal
    return features, labels, np.arange(num) // 3 % 5


def test_each_classifier_that_is_fitted_has_code():
    assert {name for name, entry in CLASSIFIERS.items() if entry.fits} == set(fitting.FITS)


@pytest.mark.parametrize("name", fitting.FITS)
def test_images_held_back_are_named_as_well_as_new_ones(name: str):
    features, labels, folds = drawn(6.0)

    held = fitting.held_out(name, features, labels, folds, 3)

    assert held.judged.all()
    assert held.right.mean() > 0.95
    assert np.isfinite(held.logits).all()


@pytest.mark.parametrize("name", fitting.FITS)
def test_where_there_is_nothing_to_learn_held_back_images_show_it(name: str):
    features, labels, folds = drawn(0.0)

    assert fitting.held_out(name, features, labels, folds, 3).right.mean() < 0.5


def test_a_class_with_a_single_image_is_not_judged():
    features, labels, folds = drawn(6.0, num=12)
    labels[-1] = 3

    held = fitting.held_out("class-mean", features, labels, folds, 4)

    assert held.judged.tolist() == [True] * 11 + [False]
    assert not fitting.held_out("knn", features, labels, np.zeros(12, int), 4).judged.any()


def test_class_means_are_as_sure_as_they_are_right():
    features, labels, folds = drawn(2.0, num=900)

    head, held = fitting.learn("class-mean", features, labels, folds, 3)

    sure = calibration.probabilities(head.logits(features)).max(axis=1).mean()
    assert sure == pytest.approx(held.right.mean(), abs=0.05)
