"""Confusion, precision, recall, F1, balanced accuracy: by hand, by scikit-learn, by simulation."""

import math

import numpy as np
import pytest

from core.judging import statistics
from core.judging.evaluation import by_groups, scores

# 3 classes: of four 0s three are right, of two 1s one, the single 2 is named 0
TRUE = np.array([0, 0, 0, 0, 1, 1, 2])
NAMED = np.array([0, 0, 0, 1, 1, 0, 0])


def test_rows_are_true_and_columns_named():
    matrix = scores.confusion(TRUE, NAMED, num_classes=3)

    assert matrix.tolist() == [[3, 1, 0], [1, 1, 0], [1, 0, 0]]


def test_classes_are_scored_as_by_hand():
    first, second, third = scores.of_classes(TRUE, NAMED, num_classes=3)

    assert (first.precision.value, first.recall.value) == (3 / 5, 3 / 4)
    assert first.f1.value == pytest.approx(2 * 3 / (2 * 3 + 2 + 1))
    assert (second.precision.value, second.recall.value, second.images) == (1 / 2, 1 / 2, 2)
    assert math.isnan(third.precision.value)
    assert (third.precision.low, third.precision.high) == (0.0, 1.0)
    assert (third.recall.value, third.f1.value, third.images) == (0.0, 0.0, 1)
    assert (first.recall.low, first.recall.high) == statistics.wilson(3, 4)
    assert (first.precision.low, first.precision.high) == statistics.wilson(3, 5)
    low, high = statistics.wilson(3, 6)  # hits of all that are or are named so
    assert (first.f1.low, first.f1.high) == pytest.approx(
        (2 * low / (1 + low), 2 * high / (1 + high))
    )


def test_balanced_accuracy_is_the_mean_recall_of_the_classes_that_are_there():
    found = scores.balanced_accuracy(TRUE, NAMED, num_classes=5)

    assert found.value == pytest.approx((3 / 4 + 1 / 2 + 0) / 3)
    images = 9 / (1 / 4 + 1 / 2 + 1)
    assert (found.low, found.high) == statistics.score_interval(found.value, images)


def test_classes_of_like_size_make_balanced_accuracy_as_sure_as_accuracy():
    rng = np.random.default_rng(0)
    true = np.repeat(np.arange(4), 25)
    named = np.where(rng.random(100) < 0.8, true, (true + 1) % 4)

    plain, balanced = (
        scores.accuracy(true, named),
        scores.balanced_accuracy(true, named, num_classes=4),
    )

    assert balanced.value == pytest.approx(plain.value)
    assert (balanced.low, balanced.high) == pytest.approx((plain.low, plain.high))


def test_the_numbers_are_those_of_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(1)
    true, named = rng.integers(0, 7, 300), rng.integers(0, 7, 300)

    found = scores.of_classes(true, named, num_classes=7)

    precision, recall, f1, support = metrics.precision_recall_fscore_support(true, named)
    assert [one.precision.value for one in found] == pytest.approx(precision)
    assert [one.recall.value for one in found] == pytest.approx(recall)
    assert [one.f1.value for one in found] == pytest.approx(f1)
    assert [one.images for one in found] == support.tolist()
    expected = metrics.balanced_accuracy_score(true, named)
    assert scores.balanced_accuracy(true, named, num_classes=7).value == pytest.approx(expected)


def test_nothing_is_claimed_of_no_images():
    none = np.zeros(0, np.int64)

    for found in (scores.accuracy(none, none), scores.balanced_accuracy(none, none, num_classes=2)):
        assert math.isnan(found.value)
        assert (found.low, found.high) == (0.0, 1.0)
    assert scores.accuracy(none, none, groups=[]).high == 1.0
    assert all(math.isnan(one.f1.value) for one in scores.of_classes(none, none, num_classes=2))


@pytest.mark.parametrize("groups", [None, list("aabbcca")])
def test_nothing_is_claimed_of_a_class_without_images_though_some_are_named_so(
    groups: list[str] | None,
):
    found = scores.of_classes(TRUE + 1, NAMED, num_classes=4, groups=groups)[0]

    assert found.images == 0
    for share in (found.precision, found.recall, found.f1):
        assert math.isnan(share.value)
        assert (share.low, share.high) == (0.0, 1.0)


def test_images_of_a_group_say_less_than_as_many_of_their_own():
    right = np.repeat(
        [1, 1, 1, 0, 1, 0, 1, 1, 1, 1], 20
    )  # ten sites, each right or wrong as a whole
    true = np.ones(200, np.int64)
    sites = [f"site {number}" for number in np.repeat(np.arange(10), 20)]

    plain = scores.accuracy(true, right)
    grouped = scores.accuracy(true, right, groups=sites)

    assert grouped.value == plain.value == 0.8
    assert grouped.high - grouped.low > 3 * (plain.high - plain.low)
    for narrow, wide in (
        (scores.of_classes(true, right, num_classes=2), None),
        (scores.of_classes(true, right, num_classes=2, groups=sites), plain),
    ):
        width = narrow[1].recall.high - narrow[1].recall.low
        assert (width > 3 * (plain.high - plain.low)) == (wide is not None)


def test_images_without_a_group_stand_alone():
    true = np.ones(60, np.int64)
    named = np.arange(60) % 4 != 0

    alone = scores.accuracy(true, named.astype(np.int64), groups=[""] * 60)
    plain = scores.accuracy(true, named.astype(np.int64))

    assert alone.low == pytest.approx(plain.low, abs=0.01)
    assert alone.high == pytest.approx(plain.high, abs=0.01)


def test_a_single_group_tells_nothing():
    assert scores.accuracy(TRUE, TRUE, groups=["one"] * 7).low == 0.0


def test_groups_are_listed_worst_first():
    found = scores.of_groups(TRUE, NAMED, ["b", "b", "b", "a", "a", "", ""])

    assert [(g.group, g.correct, g.images) for g in found] == [("a", 1, 2), ("b", 3, 3)]


@pytest.mark.parametrize(
    ("freedom", "value"), [(1, 12.7062), (2, 4.30265), (3, 3.18245), (9, 2.26216)]
)
def test_student_is_that_of_the_tables(freedom: int, value: float):
    assert by_groups.student(freedom) == pytest.approx(value, rel=2e-3)


@pytest.mark.parametrize("num_groups", [5, 15, 50])
def test_intervals_by_groups_hold_the_truth_as_often_as_they_say(num_groups: int):
    rng = np.random.default_rng(num_groups)
    held, tries = 0, 400
    for _ in range(tries):
        sizes = 1 + rng.poisson(7, num_groups)
        correct = rng.binomial(sizes, rng.beta(4, 1, num_groups))  # sites differ; 0.8 on average
        without = (correct.sum() - correct) / (sizes.sum() - sizes)
        low, high = by_groups.interval(correct.sum() / sizes.sum(), without, sizes.sum())
        held += low <= 0.8 <= high

    assert 0.92 <= held / tries <= 0.995


def test_a_measured_part_is_as_sure_as_its_groups_allow():
    right = np.repeat([True, True, True, False, True, True], 3)
    patients = [f"patient {number}" for number in np.repeat(np.arange(6), 3)]

    alone = scores.measured(right, [""] * 18, largest_class=9)
    grouped = scores.measured(right, patients, largest_class=9)

    assert alone == statistics.accuracy(15, 18, largest_class=9)
    assert (grouped.accuracy, grouped.images, grouped.majority) == (15 / 18, 18, 0.5)
    assert grouped.low < alone.low
    assert by_groups.widest(15 / 18, patients) == pytest.approx(
        (grouped.low, grouped.high), abs=0.04
    )


def test_where_all_images_of_few_groups_are_right_little_is_sure():
    patients = [f"patient {number}" for number in np.repeat(np.arange(4), 3)]

    grouped = scores.measured(np.ones(12, bool), patients, largest_class=6)

    assert grouped.high == 1.0
    assert grouped.low < 0.4  # four patients, not twelve images: Wilson's would say .76
    assert by_groups.widest(1.0, patients[:3]) == (0.0, 1.0)


def test_a_class_without_groups_has_the_range_of_single_images():
    true = np.array([0] * 6 + [1] * 6)
    named = np.array([0, 0, 0, 0, 0, 1] + [1] * 6)
    groups = [""] * 6 + ["burst"] * 2 + [""] * 4

    plain = scores.of_classes(true, named, num_classes=2)
    grouped = scores.of_classes(true, named, num_classes=2, groups=groups)

    assert grouped[0].recall == plain[0].recall
    assert grouped[1].recall != plain[1].recall
