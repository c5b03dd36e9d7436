"""Wrong labels are found by models that did not see them."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.datasets import splits
from core.insights import label_issues, out_of_fold
from core.insights.label_issues import find_label_issues

NAMES = ("cat", "dog", "eel")


def clouds(per_class: int = 40, *, spread: float = 1.0) -> tuple[np.ndarray, list[str]]:
    """Make features of three classes around three corners."""
    rng = np.random.default_rng(4)
    corners = rng.normal(size=(3, 24)) * 2
    rows = [corners[k] + rng.normal(size=(per_class, 24)) * spread for k in range(3)]
    return np.concatenate(rows), [name for name in NAMES for _ in range(per_class)]


def test_labels_that_were_swapped_come_first() -> None:
    features, labels = clouds()
    wrong = {3: "dog", 50: "eel", 51: "cat", 100: "cat"}
    for index, label in wrong.items():
        labels[index] = label

    found = find_label_issues(labels, out_of_fold.predict(features, labels, NAMES), NAMES)

    assert {issue.index for issue in found[:4]} == set(wrong)
    by_place = {issue.index: issue for issue in found}
    assert (by_place[3].given, by_place[3].suggested) == ("dog", "cat")
    assert by_place[3].probability_suggested > by_place[3].probability_given


def test_clean_labels_raise_no_suspicion() -> None:
    features, labels = clouds()

    assert find_label_issues(labels, out_of_fold.predict(features, labels, NAMES), NAMES) == []


@pytest.mark.parametrize("spread", [3.0, 4.5, 6.0])
def test_a_judge_that_is_often_wrong_does_not_dispute_all_that_it_gets_wrong(spread: float) -> None:
    features, labels = clouds(spread=spread)
    answers = out_of_fold.predict(features, labels, NAMES)
    right = np.array(NAMES)[answers.argmax(axis=1)] == np.array(labels)

    assert 0.4 < right.mean() < 0.95
    assert len(find_label_issues(labels, answers, NAMES)) <= 0.3 * (~right).sum()


@pytest.mark.parametrize("share", [0.05, 0.1])
def test_most_of_those_shown_are_wrong_where_the_judge_is_good(share: float) -> None:
    features, labels = clouds(80)
    wrong = np.random.default_rng(2).permutation(len(labels))[: round(share * len(labels))].tolist()
    for index in wrong:
        labels[index] = NAMES[NAMES.index(labels[index]) - 1]

    found = [
        issue.index
        for issue in find_label_issues(labels, out_of_fold.predict(features, labels, NAMES), NAMES)
    ]

    assert len(found) >= 0.25 * len(wrong)
    assert len(set(found) & set(wrong)) >= 0.8 * len(found)


def test_label_issues_are_ranked_by_the_probability_of_the_given_label() -> None:
    features, labels = clouds()
    for index in range(0, 120, 12):
        labels[index] = NAMES[NAMES.index(labels[index]) - 1]

    found = find_label_issues(labels, out_of_fold.predict(features, labels, NAMES), NAMES)

    own = [issue.probability_given for issue in found]
    assert len(found) >= 3
    assert own == sorted(own)


def test_the_better_the_judge_the_more_of_its_label_issues_are_wrong() -> None:
    ranges = [label_issues.expected_precision(share / 100, 100) for share in range(101)]

    assert ranges == sorted(ranges)
    assert all(0 < low < high < 1 for low, high in ranges)


def test_for_few_images_no_share_of_right_issues_is_promised() -> None:
    assert label_issues.expected_precision(0.97, 39) is None


def test_probabilities_are_of_models_that_did_not_see_the_image() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(90, 200))  # noise that could be learned by heart
    labels = [NAMES[n % 3] for n in range(90)]

    answers = out_of_fold.predict(features, labels, NAMES)

    np.testing.assert_allclose(answers.sum(axis=1), 1)
    right = answers.argmax(axis=1) == [NAMES.index(label) for label in labels]
    assert 0.1 < right.mean() < 0.6


def test_the_same_seed_gives_the_same_answers() -> None:
    features, labels = clouds(15)

    np.testing.assert_array_equal(
        out_of_fold.predict(features, labels, NAMES, seed=3),
        out_of_fold.predict(features, labels, NAMES, seed=3),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=80), st.data())
def test_folds_are_balanced_and_keep_groups_whole(labels: list[str], data: st.DataObject) -> None:
    groups = [data.draw(st.sampled_from(["", "", "", "a", "b"])) for _ in labels]

    folds = splits.folds(labels, groups, number=out_of_fold.FOLDS, seed=1)

    for group in ("a", "b"):
        assert len({int(f) for f, g in zip(folds, groups, strict=True) if g == group}) <= 1
    if not any(groups):
        for name in NAMES:
            inside = folds[[label == name for label in labels]]
            counts = np.bincount(inside, minlength=out_of_fold.FOLDS)
            assert counts.max() - counts.min() <= 1
