"""Folds: they follow from the data, keep groups whole and are balanced by class."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.judging import folds

ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["", "", "g1", "g2"]), st.integers(0, 40)),
    min_size=1,
    max_size=60,
)


def contents(num: int) -> list[str]:
    return [f"{i * 2654435761 % 2**32:08x}" for i in range(num)]


@settings(max_examples=30, deadline=None)
@given(ROWS, st.randoms())
def test_what_belongs_together_lies_in_one_fold_whatever_the_order(rows, chance):
    shuffled = chance.sample(rows, len(rows))
    dealt, again = (
        folds.deal(*map(list, zip(*[(k, g, f"{c:04x}") for k, g, c in r], strict=True)))
        for r in (rows, shuffled)
    )

    assert Counter(zip(rows, dealt.tolist(), strict=True)) == Counter(
        zip(shuffled, again.tolist(), strict=True)
    )
    for position in (1, 2):  # groups, contents
        names = {row[position] for row in rows} - {""}
        for name in names:
            assert (
                len({f for row, f in zip(rows, dealt, strict=True) if row[position] == name}) == 1
            )


def test_every_fold_has_its_share_of_every_class():
    labels = [*"a" * 23, *"b" * 10, *"c" * 3]

    dealt = folds.deal(labels, [""] * 36, contents(36))

    table = Counter(zip(labels, dealt.tolist(), strict=True))
    for label, least, most in (("a", 4, 5), ("b", 2, 2), ("c", 0, 1)):
        assert {table[label, fold] for fold in range(5)} <= set(range(least, most + 1))
    assert max(Counter(dealt.tolist()).values()) == 8


def test_a_group_and_a_copy_link_images_of_other_groups():
    dealt = folds.deal("aaaab", ["g", "", "h", "h", ""], ["1", "1", "1", "2", "3"])

    assert len(set(dealt[:4].tolist())) == 1
    assert dealt[4] != dealt[0]


def test_a_sample_has_all_classes_in_proportion_and_enough_of_the_rarest():
    labels = [*"a" * 900, *"b" * 90, *"c" * 7, *"d" * 2]

    dealt = folds.deal(labels, [""] * 999, contents(999), sample=200)

    seen = Counter(label for label, fold in zip(labels, dealt, strict=True) if fold >= 0)
    assert seen == {"a": 181, "b": 19, "c": 5, "d": 2}


@pytest.mark.parametrize("sample", [0, 40])
def test_no_more_images_than_the_sample_are_dealt_whole(sample: int):
    dealt = folds.deal("ab" * 20, [""] * 40, contents(40), sample=sample)

    assert (dealt >= 0).all()


def test_few_images_are_spread_over_the_folds():
    assert folds.deal("a", [""], ["1"]).tolist() == [0]
    assert sorted(folds.deal("ab", ["", ""], ["1", "2"]).tolist()) == [0, 1]
    assert folds.deal("aaaaa", [""] * 5, contents(5)).dtype == np.int64
