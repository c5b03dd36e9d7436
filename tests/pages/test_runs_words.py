"""How runs are put into words."""

import pytest

from pages._shared import run_words as words


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
    assert words.percent(share) == said
