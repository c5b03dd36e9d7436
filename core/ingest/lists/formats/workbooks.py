"""Workbooks of Excel as tables, within limits; other spreadsheets are named."""

import io
import re
import warnings
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from typing import Any

from core.errors import UserError
from core.ingest.layouts.parts import part_of
from core.ingest.lists.records import MAX_COLUMNS, Table
from core.words import say

SUFFIXES = (".xlsx", ".xlsm")
OTHERS = (".xls", ".xlsb", ".ods", ".numbers")
MAX_UNPACKED = 40 << 20  # bytes of all texts in a workbook; pictures in it are not read
_TEXTS = (".xml", ".rels", ".vml")
MAX_MEMBERS = 2_000
MAX_LINES = 200_000
MAX_SHEETS = 20
MAX_CELLS = 4_000_000
_MERGED = re.compile(r'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
Spans = dict[int, list[tuple[int, int]]]  # of each column, cells that are one: first row and last


def read(name: str, data: bytes) -> list[Table]:
    """Read each sheet as a table, formulas as what they gave when the workbook was saved.

    Raises `UserError` for a broken workbook, or one of another kind.
    """
    if name.endswith(OTHERS):
        raise _other()
    _check(data)
    from openpyxl import load_workbook  # half a second that only workbooks cost

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of drawings and styles it does not know
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            with closing(book):
                sheets = book.worksheets[:MAX_SHEETS]
                return [
                    Table(_lines(sheet, _merged(sheet, data)), given=part_of(sheet.title))
                    for sheet in sheets
                ]
    except UserError:
        raise
    except Exception as error:  # whatever a broken workbook makes its reader raise
        raise _broken() from error


def _check(data: bytes) -> None:
    """Refuse what unpacks to too much before a reader sees it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _broken() from error
    texts = (member.file_size for member in members if member.filename.endswith(_TEXTS))
    if len(members) > MAX_MEMBERS or sum(texts) > MAX_UNPACKED:
        raise _too_large()


def _merged(sheet: Any, data: bytes) -> Spans:
    """Find cells that are merged downwards, which the reader of single lines does not tell."""
    from openpyxl.utils import column_index_from_string

    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        text = packed.read(sheet._worksheet_path).decode("utf-8", "replace")
    found: Spans = {}
    for first, top, last, bottom in islice(_MERGED.findall(text), MAX_LINES):
        if first == last and int(top) < int(bottom):
            column = column_index_from_string(first) - 1
            found.setdefault(column, []).append((int(top) - 1, int(bottom) - 1))
    return {column: sorted(spans) for column, spans in found.items()}


def _filled(lines: Iterable[Sequence[Any]], merged: Spans) -> Iterator[list[Any]]:
    """Give each line what cells that are merged downwards say."""
    said = dict[int, Any]()
    rest = {column: deque(spans) for column, spans in merged.items()}
    for number, line in enumerate(lines):
        cells = list(line)
        for column, spans in rest.items():
            while spans and spans[0][1] < number:
                spans.popleft()
            if spans and spans[0][0] == number:
                said[column] = cells[column] if column < len(cells) else None
            if spans and spans[0][0] <= number:
                cells += [None] * (column + 1 - len(cells))
                cells[column] = said.get(column)
        yield cells


def _lines(sheet: Any, merged: Spans) -> list[list[str]]:
    found, left = list[list[str]](), MAX_CELLS
    sheet.reset_dimensions()  # what a sheet says of its own size is not believed
    for number, line in enumerate(_filled(sheet.iter_rows(values_only=True), merged)):
        left -= len(line)
        if left < 0 or number >= MAX_LINES:
            raise _too_large()
        cells = [_text(cell) for cell in line[:MAX_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            found.append(cells)
    return found


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def _broken() -> UserError:
    return UserError(
        say("It could not be read as a workbook of Excel."),
        expected=say("A workbook without a password, or a list saved as CSV."),
        mend=say("Open it, save the list as CSV, and bring that in."),
    )


def _too_large() -> UserError:
    return UserError(
        say("The workbook is too large for a list of labels."),
        expected=say("One line for each image."),
        mend=say("Save the sheet with the labels alone as CSV, and bring that in."),
    )


def _other() -> UserError:
    return UserError(
        say("Spreadsheets of this kind are not read."),
        expected=say("A list saved as CSV, or as a workbook of Excel (.xlsx)."),
        mend=say("Open it, save the list as CSV, and bring that in."),
    )
