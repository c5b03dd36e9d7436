"""t-SNE keeps neighbours, is the same twice, and refuses what tells nothing."""

import sys

import numpy as np
import pytest

from core.errors import UserError
from core.insights.mapping import tsne
from core.judging import neighbours


def clusters(num: int, *, of: int = 3, channels: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Make directions in clusters that are easy to tell apart, with the number of each."""
    rng = np.random.default_rng(0)
    labels = np.arange(num) % of
    rows = 6 * np.eye(channels)[labels] + rng.normal(size=(num, channels))
    return np.float32(rows / np.linalg.norm(rows, axis=1, keepdims=True)), labels


def test_what_lies_near_each_other_stays_so_and_twice_is_the_same():
    directions, labels = clusters(90)

    first, second = tsne.place(directions), tsne.place(directions)

    assert np.array_equal(first, second)
    assert first.shape == (90, 2)
    assert (neighbours.of_own_class(first, labels) == 5).all()


@pytest.mark.parametrize("num", [tsne.FEWEST, 11, 40])
def test_few_images_are_placed_too(num):
    directions, _ = clusters(num)

    placed = tsne.place(directions)

    assert np.isfinite(placed).all()
    assert len(np.unique(placed, axis=0)) == num


def test_images_that_are_the_same_and_features_on_one_line_do_no_harm():
    directions, _ = clusters(20)
    directions[5:12] = directions[4]
    on_a_line = np.float32([[np.cos(turn), np.sin(turn)] for turn in np.linspace(0, 0.01, 20)])

    assert np.isfinite(tsne.place(directions)).all()
    assert np.isfinite(tsne.place(on_a_line)).all()


@pytest.mark.parametrize("value", [0.0, 0.25])
def test_a_model_that_tells_no_image_from_another_has_no_map(value):
    with pytest.raises(UserError, match="look the same"):
        tsne.place(np.full((20, 16), value, np.float32))


def test_without_scikit_learn_it_says_how_to_have_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.manifold", None)

    with pytest.raises(UserError, match="scikit-learn, which is not installed"):
        tsne.place(clusters(20)[0])
