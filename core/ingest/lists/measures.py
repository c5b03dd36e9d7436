"""Numbers that measure something, told from numbers that are names of classes."""

import re
from collections.abc import Sequence

from core.ingest.lists import headers
from core.ingest.lists.records import number

_UNIT = re.compile(
    r"^([-+]?\d+(?:[.,]\d+)?)\s*(?:°\s?[CF]|kg|g|mg|t|cm|mm|m|km|ml|l|%|€|\$|years?|yrs?|months?"
    r"|days?|hours?|Jahre?|Tage?|Monate?|Grad|岁|度|℃|公斤|千克|克|厘米|毫米|米|元|天|年|月|小时)$",
    re.IGNORECASE,
)
_IN_NAME = re.compile(  # a unit behind it; what else stands there is a note: "age (estimated)"
    r"[(（\[]\s*("
    r"[nµμumcdk]?m[²³23]?|ha|in|inch|ft|[mc]?l|[µμm]?g|kg|t|lb|oz|ms|s|min|h|d|yrs?|K|%|‰|px|pixels?"
    r"|°\s?[CF]|℃|km/h|m/s|m?g/l|[hk]?Pa|bar|N|[mk]?V|m?A|k?W|[kMG]?Hz|dB|lx|lm|[€$£]"
    r"|years?|months?|weeks?|days?|hours?|minutes?|seconds?|Jahre?|Monate?|Wochen?|Tage?|Stunden?"
    r"|Minuten?|Sekunden?|ans|mois|jours|años|meses|días"
    r"|岁|度|公斤|千克|克|毫克|厘米|毫米|米|公里|元|天|年|月|周|小时|分钟|秒|升|毫升"
    r")\s*[)）\]]$"
)
_FEW = 5  # images of a number, on average, below which many numbers are no classes
_MANY = 10


def value(label: str) -> float | None:
    """Read a number, with or without a unit."""
    found = _UNIT.match(label)
    return number(found[1] if found else label)


def unit_in(column: str) -> str:
    """Give the unit behind the name of a column, as in ``Länge (mm)``; empty: there is none."""
    found = _IN_NAME.search(column.strip())
    return found[1] if found else ""


def are_measures(labels: Sequence[str], column: str) -> bool:
    """Tell whether the labels of all images are likely measurements."""
    different = set(labels)
    values = sorted({v for label in different if (v := value(label)) is not None})
    if len(values) < 3 or not all(value(label) is not None for label in different):
        return False
    whole = all(v.is_integer() for v in values)
    if headers.is_measure(column) or not whole or any(map(_UNIT.match, different)):
        return True
    in_a_row = values[0] in (0, 1) and values[-1] - values[0] == len(values) - 1
    named = headers.plain(column) in headers.LABEL
    if named and in_a_row and not are_unique(labels):
        return False
    return values[0] < -1 or (len(values) >= _MANY and len(labels) < _FEW * len(values))


def are_unique(labels: Sequence[str]) -> bool:
    """Tell whether most images have a label of their own, of which nothing can be learned."""
    return 2 * len(set(labels)) > len(labels)
