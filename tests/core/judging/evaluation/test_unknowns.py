"""Prototypes: what was learned is known, what is far from it is not, and nothing is by lot."""

import numpy as np
import pytest

from core.judging.evaluation import unknowns


def clouds(images: int, seed: int, *, width: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Draw features of three classes, two clouds each, in 32 dimensions."""
    centres = np.random.default_rng(7).normal(0, 1, (6, 32))
    rng = np.random.default_rng(seed)
    cloud = rng.integers(0, 6, images)
    return centres[cloud] + rng.normal(0, width, (images, 32)), cloud // 2


def test_new_images_of_the_classes_are_known_and_noise_is_not():
    features, labels = clouds(300, 0)
    prototypes = unknowns.learn(features, labels)
    limit = unknowns.threshold(prototypes.similarity(clouds(300, 1)[0]))
    assert limit is not None

    known = prototypes.similarity(clouds(400, 2)[0]) >= limit
    noise = prototypes.similarity(np.random.default_rng(3).normal(0, 1, (400, 32))) >= limit

    assert 0.9 < known.mean() < 0.99
    assert noise.mean() < 0.02


def test_the_same_images_give_the_same_prototypes_whatever_their_length():
    features, labels = clouds(200, 0)

    one, two = unknowns.learn(features, labels), unknowns.learn(features * 5, labels)

    np.testing.assert_allclose(one.directions, two.directions)
    np.testing.assert_allclose(np.linalg.norm(one.directions, axis=1), 1)


def test_a_class_has_a_prototype_for_three_images_and_at_most_four():
    features, _ = clouds(40, 0)
    labels = np.repeat([0, 1, 2, 4], [1, 5, 7, 27])

    found = unknowns.learn(features, labels)

    assert found.classes.tolist() == [0, 1, 2, 2, 4, 4, 4, 4]


def test_equal_images_and_a_picture_without_any_feature_are_no_trouble():
    features = np.vstack([np.ones((12, 8)), np.zeros((1, 8))])

    found = unknowns.learn(features, np.zeros(13, int))

    assert np.isfinite(found.directions).all()
    assert found.similarity(np.zeros((1, 8))).tolist() == [0.0]


def test_too_few_images_set_no_threshold():
    assert unknowns.threshold(np.linspace(0, 1, 19)) is None
    assert unknowns.threshold(np.linspace(0, 1, 21)) == pytest.approx(0.05)


def test_held_out_images_are_judged_by_prototypes_that_never_saw_them():
    features, labels = clouds(100, 0)
    contents = [f"{n:03d}" for n in range(100)]
    groups = [""] * 100

    found = unknowns.out_of_fold(features, labels, groups, contents)

    assert np.isfinite(found).all()
    seen = unknowns.learn(features, labels).similarity(features)
    assert found.mean() < seen.mean()
    outlier = np.vstack([features, np.random.default_rng(1).normal(0, 1, (1, 32))])
    far = unknowns.out_of_fold(outlier, np.append(labels, 0), ["", *groups], [*contents, "x"])
    assert far[-1] == far.min()


def test_of_each_class_it_is_said_how_many_would_be_refused():
    similarities = np.array([0.9, 0.1, 0.8, 0.2])

    found = unknowns.refused(similarities, np.array([0, 0, 2, 2]), 0.5, num_classes=3)

    assert found == ((1, 2), (0, 0), (1, 2))
