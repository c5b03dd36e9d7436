"""Lengths of time and moments in words."""

from datetime import UTC, timedelta, timezone

from core import durations


def test_a_moment_is_written_in_the_time_zone_that_is_asked_for():
    assert durations.moment(1_700_000_000, UTC) == "2023-11-14 22:13"
    assert durations.moment(1_700_000_000, timezone(timedelta(hours=8))) == "2023-11-15 06:13"
