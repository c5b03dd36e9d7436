"""Two runs before and after changes to the data, with counts that are checked by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from core.insights.comparing import rescoring
from core.run_results.predictions import PartPredictions

LABELS = ("cat", "dog")
WIDER = ("cat", "dog", "owl")


def answers(
    contents: str,
    true: Sequence[int],
    named: Sequence[int],
    *,
    num: int = 2,
    groups: tuple[str, ...] = (),
) -> PartPredictions:
    logits = np.zeros((len(contents), num), np.float32)
    logits[np.arange(len(contents)), named] = 3.0
    return PartPredictions(
        contents=tuple(contents), labels=np.array(true, np.int32), groups=groups, logits=logits
    )


def test_both_are_judged_on_the_images_they_share_with_the_labels_of_the_newer_version():
    #                        cat dog dog cat; c is called a cat now, d was left out, e came in
    first = answers("abcd", [0, 1, 1, 0], [0, 1, 0, 1])
    second = answers("abce", [0, 1, 0, 1], [1, 1, 0, 1])

    found = rescoring.rescore(first, LABELS, second, LABELS)

    assert found is not None
    assert (found.first.images, found.second.images) == (3, 3)
    assert found.first.accuracy == 1.0  # a cat, b dog, and c, which it took for a cat all along
    assert found.second.accuracy == pytest.approx(2 / 3)
    assert (found.paired.fixed, found.paired.broke) == (0, 1)
    assert (found.relabelled, found.left_out, found.added) == (1, 1, 1)
    assert found.first.majority == pytest.approx(2 / 3)


def test_classes_are_matched_by_name_and_not_by_their_place():
    first = answers("ab", [1, 0], [1, 0])
    second = answers("ab", [0, 2], [0, 1], num=3)

    found = rescoring.rescore(first, LABELS, second, ("dog", "owl", "cat"))

    assert found is not None
    assert (found.first.accuracy, found.second.accuracy) == (1.0, 0.5)
    assert found.relabelled == 0


def test_of_a_class_that_came_later_the_first_model_is_right_of_none():
    first = answers("abc", [0, 1, 1], [0, 1, 1])
    second = answers("abc", [0, 2, 2], [0, 2, 1], num=3)

    found = rescoring.rescore(first, LABELS, second, WIDER)

    assert found is not None
    assert (found.first.accuracy, found.second.accuracy) == pytest.approx((1 / 3, 2 / 3))
    assert (found.paired.fixed, found.paired.broke, found.relabelled) == (1, 0, 2)


def test_the_same_pixels_in_two_files_count_twice_and_are_no_changed_label():
    first = answers("aab", [0, 1, 1], [0, 0, 1])
    second = answers("aab", [0, 1, 1], [1, 1, 1])

    found = rescoring.rescore(first, LABELS, second, LABELS)

    assert found is not None
    assert found.first.images == 3
    assert (found.first.accuracy, found.second.accuracy) == pytest.approx((2 / 3, 2 / 3))
    assert (found.relabelled, found.left_out, found.added) == (0, 0, 0)


def test_without_a_shared_image_nothing_is_compared():
    assert rescoring.rescore(answers("a", [0], [0]), LABELS, answers("b", [0], [0]), LABELS) is None


def test_images_of_a_group_are_one_witness():
    letters, truth = "abcdefghijkl", [0] * 12
    groups = ("one",) * 12
    first, second = answers(letters, truth, [1] * 12), answers(letters, truth, truth, groups=groups)
    alone = answers(letters, truth, truth)

    together = rescoring.rescore(first, LABELS, second, LABELS)
    apart = rescoring.rescore(first, LABELS, alone, LABELS)

    assert together is not None
    assert apart is not None
    assert (together.paired.better, together.paired.is_better) == (1, False)
    assert (apart.paired.better, apart.paired.is_better) == (12, True)
    assert apart.paired.p == 2 / 2**12


def said(first: PartPredictions, second: PartPredictions) -> str:
    found = rescoring.rescore(first, LABELS, second, LABELS)
    assert found is not None
    return " ".join(map(str, rescoring.sentences(found)))


def test_the_score_is_called_optimistic_where_labels_or_images_were_changed():
    letters = "abcdefgh"
    first = answers(letters, [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1, 0])
    relabelled = answers(letters, [0, 0, 0, 0, 1, 1, 1, 0], [0, 0, 0, 0, 1, 1, 1, 0])
    fewer = answers(letters[:7], [0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1])

    assert "1 of these validation labels was changed. These scores are optimistic" in said(
        first, relabelled
    )
    assert "1 validation image is no longer there. These scores are optimistic" in said(
        first, fewer
    )
    assert "optimistic" not in said(first, first)
    assert "On the 8 validation images that both versions have" in said(first, relabelled)


def test_no_difference_is_claimed_that_chance_explains():
    letters, truth = "abcdefghij", [0] * 10
    first, second = answers(letters, truth, [1] * 10), answers(letters, truth, truth)

    assert "better by more than chance: 10 were put right, 0 wrong" in said(first, second)
    assert "worse by more than chance: 0 were put right, 10 wrong" in said(second, first)
    assert "cannot show which is better: 0 were put right, 0 wrong" in said(first, first)
