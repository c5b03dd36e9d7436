"""What a model of numbers says of one picture, in words."""

from core.judging.numbers import written
from core.records import LearnedTarget, Prediction
from core.words import Message, say


def answer(found: Prediction, target: LearnedTarget) -> Message:
    """Say the number, the range in which the truth lies nine times in ten, or that it guesses."""
    assert found.number is not None
    number = written.amount(found.number, target)
    if is_beyond(found, target):  # a range is for pictures like those learned from
        return say("{number}, beyond what it learned", number=number)
    span = range_around(found, target)
    return say("{number} ({range})", number=number, range=span) if span else number


def range_around(found: Prediction, target: LearnedTarget) -> Message | None:
    """Write the range around a number; None: there is none, or the number is a guess."""
    low, high = span_of(found, target)
    return None if low is None or high is None else written.interval(low, high, target)


def beyond(found: Prediction, target: LearnedTarget) -> Message | None:
    """Warn of a number outside of all that was learned; None: it lies among them."""
    if not is_beyond(found, target):
        return None
    return say(
        "It learned from {range}: beyond that it guesses.",
        range=written.interval(target.lowest, target.highest, target),
    )


def is_beyond(found: Prediction, target: LearnedTarget) -> bool:
    """Tell whether a number lies farther outside of those learned than answers are off anyway."""
    if found.number is None:
        return False
    low, high = known_span(target)
    return not low <= found.number <= high


def known_span(target: LearnedTarget) -> tuple[float, float]:
    """Give the numbers between which an answer is no guess: models taken away keep to them too."""
    off = target.half_range or target.deviation / 10
    return target.lowest - off, target.highest + off


def span_of(found: Prediction, target: LearnedTarget) -> tuple[float | None, float | None]:
    """Give the range around a number; None twice: there is none, or the number is a guess."""
    return (None, None) if is_beyond(found, target) else (found.low, found.high)
