"""Several labels in one cell: ``A|B``, ``a, b``, ``haze primary``."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from core import names
from core.ingest.lists import headers

_SURE = ("|", ";", "；", "、")  # no name of a class has these
_LIKELY = (",", "，", "/", "+", "&", " und ", " and ", "和")


def separator(values: Collection[str], column: str = "") -> str:
    """Tell what stands between the labels of one cell; nothing if each cell is one label.

    A comma may be part of a name (``tench, Tinca tinca``) as a space may (``golden retriever``):
    labels are told by coming again in other cells, or alone.
    """
    for sign in _SURE:
        if any(len(split(value, sign)) > 1 for value in values):
            return sign
    for sign in _LIKELY:
        if _come_again(values, sign, headers.plain(column) in headers.SEVERAL):
            return sign
    return " " if _are_words(values, column) else ""


@lru_cache(maxsize=8192)  # the cells of a list are few, over and over
def split(cell: str, sign: str) -> tuple[str, ...]:
    """Take the labels of a cell apart, each once."""
    found: dict[str, str] = {}
    for part in map(names.clean, cell.split(sign) if sign else [cell]):
        if part:
            found.setdefault(names.key(part), part)
    return tuple(found.values())


def _come_again(values: Collection[str], sign: str, is_foretold: bool = False) -> bool:
    """Tell whether labels of most cells come again; of some in a column that says 'tags'."""
    found = [{names.key(part) for part in split(value, sign)} for value in values]
    uses = Counter(part for parts in found for part in parts)
    several = [parts for parts in found if len(parts) > 1]
    alone = {part for parts in found if len(parts) == 1 for part in parts}
    again = sum(all(uses[p] > 1 for p in parts) or bool(parts & alone) for parts in several)
    return again > 0 if is_foretold else 2 * again > len(several) > 0


def _are_words(values: Collection[str], column: str) -> bool:
    """Tell words that are labels: in a column of several, or if there are more mixtures of them."""
    several = [parts for value in values if len(parts := split(value, " ")) > 1]
    if headers.plain(column) in headers.SEVERAL:
        uses = Counter(names.key(part) for value in values for part in split(value, " "))
        return len(several) > 1 and any(count > 1 for count in uses.values())
    words = {names.key(part) for parts in several for part in parts}
    return len(several) > 5 and len(words) < len(several) and _come_again(values, " ")


def together(labels: Sequence[str]) -> str:
    """Make one name of several labels."""
    return " + ".join(labels)


def mixture(cell: str, sign: str) -> frozenset[str]:
    """Give what is the same of ``A|B`` and ``B|A``."""
    return frozenset(map(names.key, split(cell, sign)))


def spelled_once(cells: Iterable[str], sign: str) -> dict[frozenset[str], str]:
    """Give each mixture of labels the spelling that most cells have."""
    found: dict[frozenset[str], Counter[str]] = {}
    for cell in cells:
        found.setdefault(mixture(cell, sign), Counter())[cell] += 1
    return {key: min(cells, key=lambda s: (-cells[s], s)) for key, cells in found.items()}
