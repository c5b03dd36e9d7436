"""How the arms of a study are called, in the words of a page."""

from core.models import catalog
from core.records.studies import StudyKind, StudyRow
from core.words import Message, say

KINDS = {
    StudyKind.LADDER: say("Freezing ladder"),
    StudyKind.TRANSFER: say("Transfer gain"),
    StudyKind.BAKEOFF: say("Backbones compared"),
    StudyKind.CURVE: say("Would more photos help?"),
}


def arm(row: StudyRow) -> Message:
    """Name an arm: a depth, a backbone, or what the weights start from."""
    return named(row.name)


def named(name: str) -> Message:
    """Name an arm by the name that its record has."""
    known = {
        "all": say("Head only"),
        "none": say("Everything"),
        "imagenet": say("Pretrained"),
        "random": say("Random start"),
        "majority": say("Largest class"),
        "nearest_pixels": say("Most similar pixels"),
        "colour": say("Colour alone"),
        "curve": say("Head only"),
    }
    if name in known:
        return known[name]
    if found := catalog.known().get(name):
        return say("{item}", item=found.title)
    return say("After {block}", block=name)


def points(share: float) -> str:
    """Write a difference of shares in points of a hundred."""
    return f"{100 * share:.0f}" if share >= 0.095 else f"{100 * share:.1f}"


def signed(share: float) -> str:
    """Write a difference of shares in points of a hundred, with its sign."""
    points = f"{100 * share:+.1f}"
    return "0.0" if points in ("+0.0", "-0.0") else points.replace("-", "\N{MINUS SIGN}")
