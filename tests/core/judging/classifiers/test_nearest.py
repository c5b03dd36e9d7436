"""Nearest neighbours: by hand, and against scikit-learn."""

import warnings

import numpy as np
import pytest

from core.judging.classifiers import nearest


def shares(features: np.ndarray, labels: np.ndarray, asked: np.ndarray, classes: int) -> np.ndarray:
    return np.exp(nearest.remember(features, labels, classes).logits(asked))


def test_the_nearer_a_neighbour_the_more_its_vote_counts():
    features = np.array([[1.0, 0.0], [0.6, 0.8], [-1.0, 0.0]])  # at distances 0.2, 0.04, 1.8

    found = shares(features, np.array([0, 1, 0]), np.array([[8.0, 6.0]]), 2)[0]

    votes = np.array([1 / 0.2 + 1 / 1.8, 1 / 0.04])
    assert found == pytest.approx(votes / votes.sum(), abs=1e-5)


def test_a_picture_that_was_learned_is_named_as_it_was():
    rng = np.random.default_rng(0)
    features, labels = rng.normal(size=(30, 8)), np.arange(30) % 3

    assert (shares(features, labels, features, 3).argmax(axis=1) == labels).all()


def test_equally_near_pictures_all_vote():
    features = np.repeat([[1.0, 0.0]], 2 * nearest.NUMBER, axis=0)

    found = shares(features, np.arange(len(features)) % 2, np.array([[1.0, 1.0]]), 2)[0]

    assert found == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("num", [3, 200])
def test_shares_are_those_of_scikit_learn(num: int):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        neighbors = pytest.importorskip("sklearn.neighbors")
    rng = np.random.default_rng(1)
    features, labels, asked = (
        rng.normal(size=(num, 16)),
        np.arange(num) % 3,
        rng.normal(size=(50, 16)),
    )
    number = min(num, nearest.NUMBER)

    theirs = neighbors.KNeighborsClassifier(number, weights="distance", metric="cosine")
    theirs.fit(features, labels)

    assert shares(features, labels, asked, 3) == pytest.approx(
        theirs.predict_proba(asked), abs=1e-4
    )
