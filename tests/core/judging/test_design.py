"""Features made ready for a linear model, and weights folded back."""

import numpy as np
import pytest

from core.judging.design import prepare
from core.judging.head import LinearHead

SHAPES = [(40, 7), (7, 40)]  # axes are the features; axes are those of the rows


def features(num: int, width: int) -> np.ndarray:
    return np.random.default_rng(num).gamma(0.5, size=(num, width)).astype(np.float32)


def by_hand(given: np.ndarray) -> np.ndarray:
    unit = given / np.linalg.norm(given.astype(np.float64), axis=1, keepdims=True)
    spread = unit.std(axis=0) + 1e-3 * unit.std()
    return (unit - unit.mean(axis=0)) / spread / np.sqrt(given.shape[1])


@pytest.mark.parametrize("shape", SHAPES)
def test_rows_lie_to_each_other_as_the_standardised_features_do(shape: tuple[int, int]):
    given = features(*shape)

    rows = prepare(given).rows

    expected = by_hand(given)
    assert rows[:, :-1] @ rows[:, :-1].T == pytest.approx(expected @ expected.T, abs=1e-7)
    assert (rows[:, -1] == 1).all()
    assert (rows[:, :-1] ** 2).sum(axis=1).mean() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_variances_are_those_along_the_axes(shape: tuple[int, int]):
    design = prepare(features(*shape))

    assert design.variances == pytest.approx((design.rows[:, :-1] ** 2).mean(axis=0))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_head_says_of_raw_features_what_the_weights_say_of_the_rows(
    shape: tuple[int, int], dtype: str
):
    given = features(*shape).astype(dtype)
    design = prepare(given)
    weights = np.random.default_rng(1).normal(size=(3, design.rows.shape[1]))

    head = design.head(weights)

    assert head.kernel.shape == (shape[1], 3)
    assert head.logits(given) == pytest.approx(design.rows @ weights.T, abs=1e-7)


def test_views_follow_one_another_as_rows():
    given = features(12, 5).reshape(4, 3, 5)

    design = prepare(given)

    assert (design.num_images, design.num_views) == (4, 3)
    assert design.rows == pytest.approx(prepare(given.reshape(12, 5)).rows)


def test_100_000_features_of_few_images_are_few_numbers():
    design = prepare(features(9, 100_000))

    assert design.rows.shape == (9, 9)  # the mean is taken out, and a constant stands beside
    assert design.head(np.ones((2, 9))).kernel.shape == (100_000, 2)


@pytest.mark.parametrize("shape", SHAPES)
def test_features_that_never_change_carry_no_weight(shape: tuple[int, int]):
    given = features(*shape)
    given /= np.linalg.norm(given, axis=1, keepdims=True)
    given[:, 2] = 0

    design = prepare(given)

    assert np.isfinite(design.rows).all()
    assert np.isfinite(design.head(np.ones((2, design.rows.shape[1]))).kernel).all()
    other = by_hand(given)
    assert np.abs(design.rows[:, :-1] @ design.rows[:, :-1].T - other @ other.T).max() < 1e-7


@pytest.mark.parametrize("shape", [*SHAPES, (1, 5), (1, 1)])
@pytest.mark.parametrize("value", [0.0, 1.0, 0.3])
def test_images_that_are_all_alike_have_no_features(shape: tuple[int, int], value: float):
    design = prepare(np.full(shape, value, np.float32))

    assert np.abs(design.rows[:, :-1]).max(initial=0) < 1e-6
    assert design.variances.sum() < 1e-9


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(shape: tuple[int, int], value: float):
    given = features(*shape)
    given[3, 4] = value

    with pytest.raises(ValueError, match="finite"):
        prepare(given)


@pytest.mark.parametrize("shape", [(0, 4), (4, 0), (4,), (2, 2, 2, 2)])
def test_what_is_no_table_is_refused(shape: tuple[int, ...]):
    with pytest.raises(ValueError, match="shape"):
        prepare(np.zeros(shape))


def test_a_sigmoid_says_the_same_as_softmax_of_two_classes():
    rng = np.random.default_rng(2)
    head = LinearHead(kernel=rng.normal(size=(5, 2)), bias=rng.normal(size=2))
    given = features(6, 5)

    sigmoid = head.sigmoid

    assert sigmoid.kernel.shape == (5, 1)
    assert sigmoid.probabilities(given) == pytest.approx(head.probabilities(given))
    assert 1 / (1 + np.exp(-sigmoid.logits(given)[:, 0])) == pytest.approx(
        head.probabilities(given)[:, 1]
    )


def test_a_row_of_zeros_has_the_probabilities_of_the_bias():
    head = LinearHead(kernel=np.ones((4, 3)), bias=np.log([0.2, 0.3, 0.5]))

    assert head.probabilities(np.zeros((1, 4)))[0] == pytest.approx([0.2, 0.3, 0.5])
