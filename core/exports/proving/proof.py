"""What was found when an export was tried, in sentences."""

from core.exports.formats import EXPORT_FORMATS
from core.judging import shares
from core.records import Export, Parity
from core.words import Message, nsay, say

_MEGABYTE = 1e6


def sentences(made: Export) -> tuple[Message, ...]:
    """Say how an export answers beside Predict, how large it is and how long it takes."""
    parity = made.parity
    if parity is None:
        return ()
    compressed = EXPORT_FORMATS[made.format].tolerance is None
    first = _lost(parity) if compressed else (_same(parity),)
    return (*first, _size(made, parity))


def _same(parity: Parity) -> Message:
    num = parity.images + parity.files
    return nsay(
        "Opened in a program of its own, it gave the same class as Predict for {num} image; no "
        "probability differs by more than {difference}.",
        "Opened in a program of its own, it gave the same class as Predict for {num} images; no "
        "probability differs by more than {difference}.",
        num=num,
        difference=f"{max(parity.max_difference, 1e-7):.1g}",
    )


def _lost(parity: Parity) -> tuple[Message, ...]:
    agreement = nsay(
        "Compressed: it gives the same class as Predict for {share} of {num} image.",
        "Compressed: it gives the same class as Predict for {share} of {num} images.",
        num=parity.images + parity.files,
        share=shares.percent(parity.agreement),
    )
    if parity.accuracy is None or parity.change_low is None or parity.change_high is None:
        return (agreement,)
    return agreement, nsay(
        "On {num} image that it did not learn from, {share} is right; the change is {change} "
        "points ({low} to {high}).",
        "On {num} images that it did not learn from, {share} are right; the change is {change} "
        "points ({low} to {high}).",
        num=parity.images,
        share=shares.percent(parity.accuracy),
        change=_points(parity.accuracy_change or 0.0),
        low=_points(parity.change_low),
        high=_points(parity.change_high),
    )


def _points(change: float) -> str:
    """Write a change of a share in percentage points, with its sign."""
    whole = round(100 * change)
    return f"{whole:+d}" if whole else "0"


def _size(made: Export, parity: Parity) -> Message:
    return say(
        "{megabytes} MB; {milliseconds} ms for an image on one processor.",
        megabytes=f"{made.num_bytes / _MEGABYTE:.1f}",
        milliseconds=f"{parity.milliseconds:.1f}",
    )
