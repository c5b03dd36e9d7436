"""Shares in words."""

import pytest

from core.judging import shares


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (1.0, "100%"),
        (299 / 300, "over 99%"),
        (0.994, "99%"),
        (0.006, "1%"),
        (1 / 300, "under 1%"),
        (0.0, "0%"),
    ],
)
def test_all_and_none_are_only_said_of_all_and_none(share: float, said: str):
    assert str(shares.percent(share)) == said


def test_a_range_is_written_as_two_shares():
    assert str(shares.span(0.534, 0.998)) == "53% to over 99%"
