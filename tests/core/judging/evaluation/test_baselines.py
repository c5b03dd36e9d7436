"""Baselines name what they can see: the largest class, like pixels, like colours."""

import numpy as np

from core.judging.evaluation import baselines


def coloured(images: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw speckled pictures of two colours; where the specks are says nothing."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, images)
    pictures = rng.integers(0, 256, (images, 16, 16, 3))
    pictures[..., 0] = np.where(labels, 220, 40)[:, None, None] + rng.integers(
        -30, 30, (images, 16, 16)
    )
    return pictures.astype(np.uint8), labels


def test_colour_is_told_from_the_share_of_each_colour():
    pictures, labels = coloured(80, 0)
    asked, truth = coloured(60, 1)

    found = baselines.colour(pictures, labels, [""] * 80, [f"{n:02d}" for n in range(80)], asked)

    assert (found == truth).mean() > 0.95


def test_where_labels_have_nothing_to_do_with_colour_it_is_no_better_than_chance():
    pictures, _ = coloured(200, 0)
    asked, _ = coloured(400, 1)
    rng = np.random.default_rng(2)
    labels, truth = rng.integers(0, 2, 200), rng.integers(0, 2, 400)

    found = baselines.colour(pictures, labels, [""] * 200, [f"{n:03d}" for n in range(200)], asked)

    assert 0.4 < (found == truth).mean() < 0.6


def test_a_picture_is_named_as_the_one_it_is_most_like():
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (600, 16, 16, 3)).astype(np.uint8)
    labels = rng.integers(0, 9, 600)
    dimmer = (pictures * 0.9).astype(np.uint8)

    assert (baselines.nearest_pixels(pictures, labels, dimmer) == labels).all()
    assert baselines.nearest_pixels(pictures, labels, dimmer[:0]).tolist() == []


def test_the_largest_class_is_always_named():
    assert baselines.majority(np.array([2, 0, 2]), 3).tolist() == [2, 2, 2]


def test_histograms_are_roots_of_shares():
    flat = np.zeros((1, 4, 4, 3), np.uint8)
    flat[0, :2] = 255

    found = baselines.histograms(flat)

    assert found.shape == (1, 512)
    assert found[0, 0] ** 2 == found[0, -1] ** 2 == np.float64(0.5000000000000001)
    np.testing.assert_allclose((found**2).sum(axis=1), 1)


def test_of_many_images_each_class_keeps_its_share():
    labels = [0] * 6000 + [1] * 60

    chosen = baselines.sample(labels, [""] * 6060, [f"{n:05d}" for n in range(6060)])

    assert len(chosen) <= baselines.MOST_IMAGES
    assert 15 <= (np.array(labels)[chosen] == 1).sum() <= 25
