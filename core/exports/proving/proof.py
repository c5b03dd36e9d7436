"""What was found when an export was tried, in sentences."""

import math

from core.exports.formats import EXPORT_FORMATS
from core.judging import shares
from core.records import Export, Parity
from core.words import Message, mark, nsay, say

_MEGABYTE = 1e6
STRANGE = mark(
    "The images of this run are gone, so it was tried on pictures of Thaw's sample: that shows "
    "whether it computes alike, not what it loses on yours."
)


def sentences(made: Export) -> tuple[Message, ...]:
    """Say how an export answers beside Predict, how large it is and how long it takes."""
    parity = made.parity
    if parity is None:
        return ()
    entry = EXPORT_FORMATS[made.parts[0].format if made.parts else made.format]
    if parity.is_number:
        changed = _farther_off(parity) if entry.tolerance is None else ()
        first: tuple[Message, ...] = (_of_number(parity), *changed)
    elif entry.tolerance is None:
        first = _lost(parity)
    else:
        first = (_near(parity) if entry.file_limits else _same(parity),)
    strange = (say(STRANGE),) if parity.is_of_sample else ()
    return (*first, *strange, _size(made, parity))


def of_parts(made: Export) -> tuple[Message, ...]:
    """Say of each model in a bundle how it answered when it was tried by itself."""
    return tuple(
        say(
            "{format} ({file}): {sentence}",
            format=say(EXPORT_FORMATS[one.format].title),
            file=one.path,
            sentence=sentences(one)[0],
        )
        for one in made.parts
        if one.parity is not None
    )


def _same(parity: Parity) -> Message:
    """Say it of the answers that name alike; two classes may be as likely as one another.

    Some images are asked about twice, as pixels and as files.
    """
    return nsay(
        "Opened in a program of its own, it gave the same class as Predict in {num} answer; no "
        "probability differs by more than {difference}.",
        "Opened in a program of its own, it gave the same class as Predict in {num} answers; no "
        "probability differs by more than {difference}.",
        num=round(parity.agreement * (parity.images + parity.files)),
        difference=_difference(parity),
    )


def _of_number(parity: Parity) -> Message:
    return nsay(
        "Opened in a program of its own, it gave a number in {num} answer; none differs from "
        "Predict by more than {difference} of how far the numbers spread.",
        "Opened in a program of its own, it gave a number in {num} answers; none differs from "
        "Predict by more than {difference} of how far the numbers spread.",
        num=parity.images + parity.files,
        difference=_difference(parity),
    )


def _farther_off(parity: Parity) -> tuple[Message, ...]:
    """Say what it costs to be compressed, where images that it did not learn from can tell."""
    if parity.error is None or parity.change_low is None or parity.change_high is None:
        return ()
    told = nsay(
        "On {num} image that it did not learn from, it is off by {share} of how far the numbers "
        "spread, on average; the change is {change} points ({low} to {high}).",
        "On {num} images that it did not learn from, it is off by {share} of how far the numbers "
        "spread, on average; the change is {change} points ({low} to {high}).",
        num=parity.images,
        share=shares.percent(parity.error),
        change=_points(parity.error_change or 0.0),
        low=_points(parity.change_low),
        high=_points(parity.change_high),
    )
    return (told,)


def _near(parity: Parity) -> Message:
    return nsay(
        "Opened in a browser, it gave the same class as Predict in {share} of {num} answer; no "
        "probability differs by more than {difference}.",
        "Opened in a browser, it gave the same class as Predict in {share} of {num} answers; no "
        "probability differs by more than {difference}.",
        num=parity.images + parity.files,
        share=shares.percent(parity.agreement),
        difference=_difference(parity),
    )


def _difference(parity: Parity) -> str:
    """Write the largest one, never smaller than it is."""
    most = max(parity.max_difference, 1e-7)
    step = 10.0 ** math.floor(math.log10(most))
    return f"{math.ceil(most / step - 1e-9) * step:.1g}"


def _lost(parity: Parity) -> tuple[Message, ...]:
    agreement = nsay(
        "Compressed: it gives the same class as Predict in {share} of {num} answer; single "
        "probabilities are off by up to {most}.",
        "Compressed: it gives the same class as Predict in {share} of {num} answers; single "
        "probabilities are off by up to {most}.",
        num=parity.images + parity.files,
        share=shares.percent(parity.agreement),
        most=shares.percent(parity.max_difference),
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
