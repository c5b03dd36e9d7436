"""The nearest class mean, by hand on four pictures."""

import numpy as np
import pytest

from core.judging.classifiers import class_means
from core.judging.classifiers.class_means import SHARPNESS

# of unit length (1, 0), (0, 1) of the first class; (-1, 0), (-0.6, 0.8) of the second
FEATURES = np.array([[2.0, 0.0], [0.0, 5.0], [-3.0, 0.0], [-3.0, 4.0]])
LABELS = np.array([0, 0, 1, 1])


def test_logits_are_distances_to_the_means_of_unit_features():
    head = class_means.fit(FEATURES, LABELS, 2)

    means = np.array([[0.5, 0.5], [-0.8, 0.4]])
    scatter = 1 - (0.5 + 0.8) / 2  # mean square distance of the pictures to their means
    asked = np.array([0.6, 0.8])  # of unit length
    distances = ((asked - means) ** 2).sum(axis=1)
    expected = -SHARPNESS * distances / 2 / scatter
    found = head.logits(10 * asked[None])[0]
    assert found - found.mean() == pytest.approx(expected - expected.mean())


def test_a_class_without_images_is_never_named():
    head = class_means.fit(FEATURES, LABELS, 3)

    assert head.probabilities(FEATURES)[:, 2] == pytest.approx(0)


def test_pictures_that_are_all_alike_still_give_numbers():
    head = class_means.fit(np.ones((4, 3)), LABELS, 2)

    assert head.probabilities(np.ones((1, 3)))[0] == pytest.approx([0.5, 0.5])
