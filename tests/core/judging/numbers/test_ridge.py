"""The closed form of a head of numbers: that of scikit-learn on the same rows."""

import numpy as np
import pytest

from core.judging.design import prepare
from core.judging.numbers import ridge


def pictures(num: int = 80, width: int = 30, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    features = np.abs(rng.normal(1, 1, (num, width)))
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    return features, 10 * unit[:, 0] - 5 * unit[:, 1] + rng.normal(0, 0.1, num)


@pytest.mark.parametrize("width", [30, 200])  # fewer features than images, and more
def test_the_weights_are_those_of_scikit_learn(width):
    linear_model = pytest.importorskip("sklearn.linear_model")
    features, numbers = pictures(width=width)
    design, strength = prepare(features), 1e-3

    found = design.head(ridge.solve(design, numbers, strength)).logits(features)[:, 0]

    rows = design.rows[:, :-1]
    theirs = linear_model.Ridge(alpha=strength * len(rows)).fit(rows, numbers).predict(rows)
    assert found == pytest.approx(theirs, abs=1e-6)


def test_the_strength_is_the_one_that_held_out_images_like_best():
    features, numbers = pictures(num=120)
    noise = np.random.default_rng(1).normal(size=120)
    folds = np.arange(120) % 5
    design = prepare(features)

    strong = ridge.best(tuple(ridge.search(design, noise, folds)))
    weak = ridge.best(tuple(ridge.search(design, numbers, folds)))

    assert weak < 0.01 < strong


def test_one_fold_cannot_tell_so_the_usual_strength_is_taken():
    features, numbers = pictures()

    assert ridge.best(tuple(ridge.search(prepare(features), numbers, np.zeros(80, int)))) == 1e-3


def test_views_of_an_image_share_its_number():
    features, numbers = pictures()
    views = np.stack([features, features * 2, features * 3], axis=1)  # the same in unit length
    one, three = prepare(features), prepare(views)

    first = one.head(ridge.solve(one, numbers, 1e-2)).logits(features)
    again = three.head(ridge.solve(three, numbers, 1e-2)).logits(features)

    assert again == pytest.approx(first, abs=1e-6)
