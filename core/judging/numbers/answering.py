"""What a model of numbers says of one picture, in words."""

from core.judging.numbers import written
from core.records import LearnedTarget, Prediction
from core.words import Message, say


def answer(found: Prediction, target: LearnedTarget) -> Message:
    """Say the number, and the range in which the truth lies nine times in ten."""
    assert found.number is not None
    number = written.amount(found.number, target)
    span = range_around(found, target)
    return say("{number} ({range})", number=number, range=span) if span else number


def range_around(found: Prediction, target: LearnedTarget) -> Message | None:
    """Write the range around a number; None: there is none."""
    if found.low is None or found.high is None:
        return None
    return written.interval(found.low, found.high, target)


def beyond(found: Prediction, target: LearnedTarget) -> Message | None:
    """Warn of a number outside of all that was learned; None: it lies among them."""
    if found.number is None or target.lowest <= found.number <= target.highest:
        return None
    return say(
        "It learned from {range}: beyond that it guesses.",
        range=written.interval(target.lowest, target.highest, target),
    )
