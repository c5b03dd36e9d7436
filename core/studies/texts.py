"""How the arms of a study are called, in the words of a page."""

from core.judging.evaluation.comparing import Comparison
from core.models import catalog
from core.records.studies import Study, StudyRow
from core.words import Message, Value, nsay, say


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


def part(study: Study, name: str, fold: int) -> Message:
    """Name a run of a study: its arm, and the fold where it judges one alone."""
    if not study.uses_folds:
        return named(name)
    return say("{arm}, fold {fold}", arm=named(name), fold=fold + 1)


def points(share: float) -> str:
    """Write a difference of shares in points of a hundred."""
    return f"{100 * share:.0f}" if share >= 0.095 else f"{100 * share:.1f}"


def signed(share: float) -> str:
    """Write a difference of shares in points of a hundred, with its sign."""
    points = f"{100 * share:+.1f}"
    return "0.0" if points in ("+0.0", "-0.0") else points.replace("-", "\N{MINUS SIGN}")


def sureness(found: Comparison) -> Message:
    """Say how often chance alone makes such a difference, and what is paid for having searched."""
    about: dict[str, Value] = {"p": _p(found.p), "num": found.comparisons, "looks": found.looks}
    if found.comparisons * found.looks == 1:
        return say("p {p}", p=about["p"])
    about["paid"] = _p(found.paid).removeprefix("= ")
    if found.looks > 1:
        return nsay(
            "p {p}; {paid} after {num} comparison and {looks} looks",
            "p {p}; {paid} after {num} comparisons and {looks} looks",
            **about,
        )
    return nsay(
        "p {p}; {paid} after {num} comparison", "p {p}; {paid} after {num} comparisons", **about
    )


def _p(value: float) -> str:
    return "< .001" if value < 0.001 else f"= {value:.2g}".replace("= 0.", "= .")
