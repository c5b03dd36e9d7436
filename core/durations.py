"""Lengths of time in words, no more exact than they are, and moments, which sort as written."""

from datetime import datetime, tzinfo

from core.words import Message, say


def exact(seconds: float) -> Message:
    """Write a span of time in the two largest units that matter."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return say("{seconds} s", seconds=whole)
    if whole < 3600 and whole % 60 == 0:
        return say("{minutes} min", minutes=whole // 60)
    if whole < 3600:
        return say("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
    return say("{hours} h {minutes} min", hours=whole // 3600, minutes=whole % 3600 // 60)


def left(seconds: float) -> Message:
    """Write how long something still takes: in steps as coarse as such a figure is unsure."""
    return exact(_coarse(seconds))


def _coarse(seconds: float) -> int:
    step = 5 if seconds < 60 else 15 if seconds < 300 else 60 if seconds < 3600 else 300
    return max(step * round(seconds / step), 5)


def between(low: float, high: float) -> Message:
    """Write a range of time; its bounds are no surer than that."""
    if _coarse(low) == _coarse(high):
        return say("about {time}", time=left(low))
    return say("{low} to {high}", low=left(low), high=left(high))


def moment(seconds: float, zone: tzinfo | None = None) -> str:
    """Write seconds since the epoch as a day and a time of day; None: in this machine's zone."""
    return datetime.fromtimestamp(seconds, zone).strftime("%Y-%m-%d %H:%M")
