"""What predict gives programs of a number that was read off a picture."""

from collections.abc import Mapping
from typing import Any

from core.judging.numbers import answering
from core.records import LearnedTarget, Prediction


def row(p: Prediction, known: Mapping[str, str]) -> dict[str, Any]:
    """Give it; ``known``: files of training images by content."""
    return {
        "file": p.file,
        "number": p.number,
        "low": p.low,
        "high": p.high,
        "similar": [known.get(content, content) for content in p.similar],
    }


def beyond(p: Prediction, target: LearnedTarget | None) -> dict[str, Any]:
    """Tell of a number whether it lies beyond those learned from: then it has no range."""
    if target is None or p.number is None:
        return {}
    low, high = answering.span_of(p, target)
    return {"low": low, "high": high, "beyond": answering.is_beyond(p, target)}
