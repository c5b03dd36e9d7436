"""What answering only when sure comes to, for people and for programs."""

import numpy as np

from core.insights import threshold_texts
from core.judging.evaluation import answering

FOUND = answering.thresholds(np.repeat([0.505, 0.605, 0.8], [5, 5, 90]), np.arange(100) >= 10)


def test_each_goal_that_is_reached_is_said_with_what_is_answered():
    said = [str(message) for message in threshold_texts.say_thresholds(FOUND)]

    assert said == [
        "Answering from a confidence of 0% on, 90% are right: 100 of 100 validation images are "
        "answered then.",
        *["Answering from a confidence of 61% on, 100% are right: 90 of 100 validation images are "
        "answered then."] * 2,
    ]  # fmt: skip


def test_programs_get_shares():
    assert threshold_texts.threshold_rows(FOUND) == [
        {"goal": 0.90, "confidence": 0.0, "answered": 1.0, "right": 0.9},
        {"goal": 0.95, "confidence": 0.61, "answered": 0.9, "right": 1.0},
        {"goal": 0.99, "confidence": 0.61, "answered": 0.9, "right": 1.0},
    ]
    assert threshold_texts.threshold_rows(None) is None


def test_where_no_goal_is_reached_that_is_said_once():
    found = answering.thresholds(np.linspace(0.5, 0.9, 40), np.arange(40) % 2 == 0)

    said = [str(message) for message in threshold_texts.say_thresholds(found)]

    assert said == ["No confidence is found from which 90% are right."]
