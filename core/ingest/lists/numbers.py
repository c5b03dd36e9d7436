"""Cells of a column read as numbers, however people write them: commas, thousands, units."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core import names
from core.judging.numbers import written
from core.words import Message, say

_CELL = re.compile(
    r"^(?P<before>[$€£¥])?\s*(?P<sign>[-+−–])?\s*(?P<digits>\d[\d.,'’\s]*|[.,]\d+)"
    r"(?P<power>e[-+]?\d{1,3})?\s*(?P<unit>[^\d\s.,+\-*=<>:;~(][^\d]{0,19})?$",
    re.IGNORECASE,
)
_WIDE = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_MISSING = {"", "nan", "none", "null", "na", "n/a", "-", "--", "?", "unknown", "未知", "无"}
_ENDLESS = {"inf", "infinity", "∞", "-inf", "+inf", "-infinity", "+infinity", "-∞"}
_SPACES = re.compile(r"[\s'’]")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCells:
    """What cells of one column say, in their order."""

    numbers: tuple[float | None, ...]
    reasons: tuple[Message | None, ...]  # why a cell is no number
    unit: str = ""  # that they have; cells without one have it too
    note: Message | None = None  # where it could be read in two ways

    @property
    def there(self) -> list[float]:
        """Give the numbers that there are."""
        return [number for number in self.numbers if number is not None]


def read_cells(cells: Sequence[str]) -> NumberCells:
    """Read a column; what its cells have in common decides what a comma means in each."""
    found = [_CELL.match(_plain(cell)) for cell in cells]
    units = Counter(unit for one in found if one and (unit := _unit(one)))
    unit = units.most_common(1)[0][0] if units else ""
    comma = _is_decimal_comma([one["digits"] for one in found if one])
    read = [
        _number(cell, one, unit, comma=bool(comma)) for cell, one in zip(cells, found, strict=True)
    ]
    unsure = next((at for at, (c, one) in enumerate(zip(cells, read, strict=True))
                   if "," in c and one[0] is not None), None)  # fmt: skip
    return NumberCells(
        numbers=tuple(number for number, _ in read),
        reasons=tuple(reason for _, reason in read),
        unit=unit,
        note=None if comma is not None or unsure is None else _note(cells[unsure], read[unsure][0]),
    )


def _plain(cell: str) -> str:
    return cell.strip().translate(_WIDE)


def _unit(found: re.Match[str]) -> str:
    return names.clean(found["before"] or found["unit"] or "")


def _is_decimal_comma(digits: Sequence[str]) -> bool | None:
    """Tell whether a comma comes before the decimals; None: nothing tells, so it does not."""
    for one in digits:
        plain = _SPACES.sub("", one)
        dots, commas = plain.count("."), plain.count(",")
        if dots and commas:
            return plain.rindex(",") > plain.rindex(".")
        if commas > 1:
            return False
        if dots > 1:
            return True
        if commas and (len(plain.partition(",")[2]) != 3 or plain.startswith(("0,", ","))):
            return True
        if dots and len(plain.partition(".")[2]) != 3:
            return False
    return None


def _number(
    cell: str, found: re.Match[str] | None, unit: str, *, comma: bool
) -> tuple[float | None, Message | None]:
    if found is None:
        return None, _reason(cell)
    if (own := _unit(found)) and own != unit:
        return None, say(
            "'{cell}' has another unit than most: '{unit}'.", cell=_short(cell), unit=unit
        )
    whole = _without_thousands(_SPACES.sub("", found["digits"].strip()), comma=comma)
    if whole is None:
        return None, say("'{cell}' could be read in two ways.", cell=_short(cell))
    sign = "-" if (found["sign"] or "+") in "-−–" else ""
    number = float(sign + whole + (found["power"] or ""))
    too_far = written.too_far(number, _short(cell))
    return (None, too_far) if too_far else (number, None)


def _without_thousands(digits: str, *, comma: bool) -> str | None:
    """Give the digits with a point before the decimals; None where the groups are none."""
    point, group = (",", ".") if comma else (".", ",")
    whole, _, rest = digits.partition(point)
    parts = whole.split(group)
    if point in rest or group in rest:
        return None
    if len(parts) > 1 and (not 0 < len(parts[0]) < 4 or any(len(part) != 3 for part in parts[1:])):
        return None
    return f"{''.join(parts) or '0'}.{rest or '0'}"


def _reason(cell: str) -> Message:
    plain = names.key(_plain(cell))
    if plain in _MISSING:
        return say("It has no number.")
    if plain in _ENDLESS:
        return say("'{cell}' is not a finite number.", cell=_short(cell))
    return say("'{cell}' is not a number.", cell=_short(cell))


def _short(cell: str) -> str:
    return names.clean(cell)[:60]


def _note(cell: str, number: float | None) -> Message:
    return say(
        "'{cell}' was read as {number}: the comma was taken for one between thousands. If it "
        "stands before decimals, write a point in its place and bring the images in again.",
        cell=_short(cell),
        number=written.plain(number or 0.0),
    )
