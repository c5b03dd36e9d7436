"""Numbers as people read them: with as many digits as mean something, and their unit."""

from math import floor, isfinite, log10

from core.records import LearnedTarget, NumberScore, Target
from core.words import Message, say

_DIGITS = 2  # after the first of the spread of all numbers
_MOST_DIGITS = 8  # decimals; what needs more is written with a power of ten
WORST_R2 = -9.99  # of its interval: it may be anything below, too
LARGEST, SMALLEST = 1e15, 1e-9  # beyond, the digits of a network and of a page do not reach


def plain(number: float) -> str:
    """Write a number as the label of an image: as short as it is, and the same for the same."""
    return f"{number:.15g}" if number else "0"


def too_far(number: float, text: str) -> Message | None:
    """Say that a number is too large, or too near 0, to be learned; None: it is neither."""
    if not isfinite(number):
        return say("'{cell}' is not a finite number.", cell=text)
    if abs(number) > LARGEST:
        return say("'{cell}' is too large: 15 digits at most. Write it in a larger unit.",
                   cell=text)  # fmt: skip
    if 0 < abs(number) < SMALLEST:
        return say("'{cell}' is too near 0: 8 zeros after the point at most. Write it in a "
                   "smaller unit.", cell=text)  # fmt: skip
    return None


def digits(deviation: float) -> int:
    """Tell how many decimals mean something, where numbers spread so far."""
    return max(0, _DIGITS - floor(log10(deviation))) if deviation > 0 else _DIGITS


def layout(target: Target | LearnedTarget) -> str:
    """Give how columns and sliders write such numbers, as C's printf is told."""
    decimals = digits(target.deviation)
    return f"%.{decimals}f" if decimals <= _MOST_DIGITS else f"%.{_DIGITS}e"


def rounded(number: float, target: Target | LearnedTarget) -> str:
    """Write a number without its unit, rounded by how far all of them spread."""
    decimals = digits(target.deviation)
    if decimals > _MOST_DIGITS:
        return f"{round(number, decimals):.12g}" if round(number, decimals) else "0"
    written = f"{number:.{decimals}f}"
    return written.removeprefix("-") if not written.strip("-0.") else written  # no -0.0


def amount(number: float, target: Target | LearnedTarget) -> Message:
    """Write a number with its unit."""
    return _with_unit(rounded(number, target), target.unit)


def interval(low: float, high: float, target: Target | LearnedTarget) -> Message:
    """Write the bounds of an interval, the unit once."""
    told = say("{low} to {high}", low=rounded(low, target), high=rounded(high, target))
    return _with_unit(told, target.unit)


def called(target: Target | LearnedTarget) -> Message:
    """Call the number as people do: by the name of its column."""
    return say("{item}", item=target.name) if target.name else say("the number")


def titled(target: Target | LearnedTarget) -> Message:
    """Call it with its unit, as above a column or beside an axis."""
    name = called(target)
    if target.name.rstrip(" )）]").endswith(target.unit) and target.name[-1:] in ")）]":
        return name  # it says so itself
    return say("{name} ({unit})", name=name, unit=target.unit) if target.unit else name


def span(target: Target | LearnedTarget) -> Message:
    """Say from where to where the numbers of a data set go."""
    low, high = plain(target.lowest), plain(target.highest)
    told = _with_unit(say("{low} to {high}", low=low, high=high), target.unit)
    return say("{name}: {span}", name=called(target), span=told)


def r2(value: float) -> str:
    """Write a share of the spread that is explained; it may be below 0."""
    written = f"{value:.2f}"
    return "0.99" if written == "1.00" and value < 1 else "0.00" if written == "-0.00" else written


def tells_r2(score: NumberScore) -> bool:
    """Tell whether R² means anything: of few images, or numbers alike, it may be any."""
    return score.r2_low > WORST_R2 or score.r2_high < 1


def _with_unit(number: str | Message, unit: str) -> Message:
    if not unit:
        return say("{item}", item=number)
    return (
        say("{number}%", number=number)
        if unit == "%"
        else say("{number} {unit}", number=number, unit=unit)
    )
