"""Lengths of time and moments in words."""

from datetime import UTC, timedelta, timezone

import pytest

from core import durations


def test_a_moment_is_written_in_the_time_zone_that_is_asked_for():
    assert durations.moment(1_700_000_000, UTC) == "2023-11-14 22:13"
    assert durations.moment(1_700_000_000, timezone(timedelta(hours=8))) == "2023-11-15 06:13"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (16, 66, "15 s to 1 min"),
        (191, 764, "3 min 15 s to 13 min"),
        (2, 4, "about 5 s"),
        (4000, 8100, "1 h 5 min to 2 h 15 min"),
    ],
)
def test_a_range_of_time_is_as_coarse_as_it_is_unsure(low: float, high: float, said: str):
    assert str(durations.between(low, high)) == said
