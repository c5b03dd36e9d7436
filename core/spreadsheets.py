"""Tables that people open in a spreadsheet, which must show every cell as text."""

import csv
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any, Protocol

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs what begins so (OWASP)
_UTF_8 = "\ufeff"  # without it Excel on Windows takes a file for another encoding
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # in no XML

Cell = str | int | float


class OpenTable(Protocol):
    """A table that is being written, in a workbook one or more of them."""

    def row(self, cells: Iterable[Cell]) -> None:
        """Add a row below."""

    def sheet(self, title: str) -> None:
        """Begin a further sheet; a CSV, which has no sheets, goes on after an empty line."""


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run a text instead of showing it."""
    return text.startswith(_FORMULA)


def csv_text(rows: Iterable[Iterable[Cell]]) -> str:
    """Write rows as CSV; a text that a spreadsheet would run is quoted."""
    out = StringIO()
    csv.writer(out).writerows([_shown(cell) for cell in row] for row in rows)
    return _UTF_8 + out.getvalue()


def is_quoted(text: str) -> bool:
    """Tell whether a CSV has a quote before a text: where it would be run, or looks quoted."""
    return is_formula(text.lstrip("'"))


def _shown(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and is_quoted(cell) else cell


def unquoted(text: str) -> str:
    """Give what a cell said before it was quoted, by us or by others who guard their tables."""
    return text[1:] if text.startswith("'") and is_quoted(text) else text


@contextmanager
def written(path: Path, title: str) -> Iterator[OpenTable]:
    """Write a table row by row, whole or not at all: a workbook to ``.xlsx``, else CSV."""
    part = path.with_name(f".{secrets.token_hex(4)}.part")
    write = _workbook if path.suffix.lower() == ".xlsx" else _csv
    try:
        with write(part, title) as table:
            yield table
        _on_disk(part)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _on_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def _csv(path: Path, _title: str) -> Iterator[OpenTable]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield _Lines(csv.writer(file).writerow)


class _Lines:
    """A table as lines of CSV."""

    def __init__(self, write: Callable[[Iterable[Cell]], object]) -> None:
        self._write = write

    def row(self, cells: Iterable[Cell]) -> None:
        self._write([_shown(_storable(cell)) for cell in cells])

    def sheet(self, title: str) -> None:
        self._write(())
        self.row([title])


@contextmanager
def _workbook(path: Path, title: str) -> Iterator[OpenTable]:
    from openpyxl import Workbook  # half a second that only workbooks cost

    path.touch()  # what cannot be written is known before the rows are
    book = Workbook(write_only=True)  # its rows go to disk one by one
    table = _Sheets(book)
    table.sheet(title)
    try:
        yield table
    except BaseException:
        for sheet in book.worksheets:
            sheet.close()
        raise
    book.save(path)


class _Sheets:
    """The tables of a workbook, each cell as what it is: a text is never a formula."""

    def __init__(self, book: Any) -> None:
        self._book = book

    def sheet(self, title: str) -> None:
        self._book.create_sheet(title[:31])

    def row(self, cells: Iterable[Cell]) -> None:
        sheet = self._book.worksheets[-1]
        sheet.append([self._cell(sheet, _storable(cell)) for cell in cells])

    @staticmethod
    def _cell(sheet: Any, value: Cell) -> Any:
        if not isinstance(value, str):
            return value
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet, value=value)
        cell.data_type = "s"  # the library takes "=" and "#N/A" for more than text
        if is_formula(value):
            cell.quotePrefix = True  # stays text when somebody edits it
        return cell


def _storable(cell: Cell) -> Cell:
    """Write what no file of text may hold, such as half a character, in signs that it may."""
    if not isinstance(cell, str):
        return cell
    return _NO_TEXT.sub(lambda found: found[0].encode("unicode_escape").decode(), cell)
