"""The time left is one figure: of the model that was asked before Start, and it does not jump."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from core.engine.training.meter import TOO_EARLY, Meter
from core.models.step_times import (
    CHECKING,
    FEATURES,
    FEATURES_AT_CUT,
    FINE_TUNING,
    HEAD,
    KINDS,
    SAVING,
    STARTING,
    Kind,
    Step,
)

EXPECTED: Mapping[Step, float] = {
    STARTING: 8.0,
    FEATURES: 20.0,
    HEAD: 5.0,
    FEATURES_AT_CUT: 15.0,
    FINE_TUNING: 60.0,
    SAVING: 4.0,
    CHECKING: 3.0,
}
EVERY = 0.5  # seconds between two reports


def told(factors: Mapping[Step, float]) -> Iterator[tuple[float, float, float | None]]:
    """Go through a run whose steps take these times what was expected; give time, share, left."""
    meter, now = Meter(EXPECTED), 0.0
    for step, expected in EXPECTED.items():
        meter.enter(step, now)
        takes, began = expected * factors.get(step, 1.0), now
        while now < began + takes:
            now += EVERY
            if step not in (STARTING, SAVING):  # these report nothing on the way
                meter.advance(min((now - began) / takes, 1.0), now)
            yield now, meter.done, meter.seconds_left(now)


def test_nothing_is_said_before_a_twentieth_is_done():
    for _, done, left in told({}):
        assert (left is None) == (done < TOO_EARLY)


def test_as_expected_the_end_that_is_foreseen_stays_where_it_is():
    total = sum(EXPECTED.values())

    ends = [now + left for now, done, left in told({}) if left is not None and done < 1]

    assert all(abs(end - total) < 3 for end in ends)


@given(st.fixed_dictionaries({step: st.floats(0.5, 2) for step in EXPECTED}))
def test_whatever_the_machine_is_like_the_figure_stays_in_the_range_that_was_said(factors):
    for now, _, left in told(factors):
        assert left is None or left <= 2 * sum(EXPECTED.values()) - now + 20


@pytest.mark.parametrize(
    "factors", [{}, dict.fromkeys(EXPECTED, 2.0), dict.fromkeys(EXPECTED, 0.5)]
)
def test_from_one_report_to_the_next_the_end_moves_by_little(factors):
    ends = [now + left for now, done, left in told(factors) if left is not None and done < 1]

    largest = max(abs(after - before) for before, after in pairwise(ends))
    assert largest < 0.1 * sum(EXPECTED.values())


def test_features_that_were_kept_make_nothing_of_the_rest_look_quick():
    kept = {FEATURES: 0.001}

    lefts = [left for _, _, left in told(kept) if left is not None]

    assert lefts[0] > 0.9 * (sum(EXPECTED.values()) - EXPECTED[FEATURES] - EXPECTED[STARTING])


def test_a_step_that_means_little_says_little_of_the_rest():
    meter = Meter({FEATURES: 1.0, FINE_TUNING: 99.0})
    meter.enter(FEATURES, 0.0)
    meter.advance(1.0, 8.0)
    meter.enter(FINE_TUNING, 8.0)

    before = meter.ends[-1][1] - 8.0
    meter.advance(0.08, 16.0)

    assert before < 1.5 * 99
    assert (meter.seconds_left(16.0) or 999) < 1.5 * 99


def test_a_step_that_goes_on_where_it_was_is_measured_from_there():
    meter = Meter({HEAD: 10.0, FINE_TUNING: 90.0})
    meter.enter(FINE_TUNING, 0.0, share=0.5)

    meter.advance(0.6, 9.0)

    assert meter.seconds_left(9.0) == pytest.approx(36.0)


def test_every_step_is_of_some_kind():
    assert set(KINDS) == set(EXPECTED)
    assert set(KINDS.values()) == set(Kind)
