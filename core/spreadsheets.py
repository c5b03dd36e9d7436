"""Tables that people open in a spreadsheet, which must show every cell as text."""

import csv
from collections.abc import Iterable
from io import StringIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs what begins so (OWASP)
_UTF_8 = "\ufeff"  # without it Excel on Windows takes a file for another encoding

Cell = str | int | float


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run a text instead of showing it."""
    return text.startswith(_FORMULA)


def csv_text(rows: Iterable[Iterable[Cell]]) -> str:
    """Write rows as CSV; a text that a spreadsheet would run is quoted."""
    out = StringIO()
    csv.writer(out).writerows([_shown(cell) for cell in row] for row in rows)
    return _UTF_8 + out.getvalue()


def _shown(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell
