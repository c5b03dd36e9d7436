"""A table as lines that say the class of an image, or why it says none."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import names
from core.ingest.lists import headers
from core.ingest.lists.columns import LOOKED_AT, SAMPLE, Columns, Finds, Lines, cell_of
from core.ingest.lists.pictures import is_file_name
from core.ingest.lists.records import Row, Table, number


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a table; no rows where it says nothing of the pictures."""

    rows: Sequence[Row] = ()
    unclear: bool = False  # it names pictures; which of its columns is the class cannot be told
    stranger: str = ""  # it names pictures that are not here, such as this one
    column: str = ""  # what the column of the class is called


def read(table: Table, finds: Finds, *, sorted_already: bool) -> Reading:
    """Read the lines of a table that names pictures.

    The column of the class is guessed from what the columns hold only where the pictures are not
    sorted into folders already; there lines without a class say what their further columns hold.
    """
    file = file_column(table.lines, finds)
    if file is None:
        return Reading(stranger=_stranger(table))
    found = Columns(table, finds, file)
    if found.header and found.header[file] in headers.LABEL - headers.FILE:
        return Reading()
    if any(table.boxes) or found.sides:
        return Reading(found.drawn())
    label = found.label(guess=not sorted_already)
    if label is not None:
        return Reading(found.rows(label), column=table.lines[0][label] if found.header else "")
    if sorted_already:
        return Reading([row for row in found.rows(None) if row.facts])
    flags = found.flags()
    return Reading(found.one_hot(flags)) if flags else Reading(unclear=True)


def file_column(lines: Lines, finds: Finds) -> int | None:
    """Find the column whose cells name the most pictures, whole names before mere stems."""
    sample = lines[:: max(1, len(lines) // SAMPLE)]
    scores = [
        (_score([cell_of(line, c) for line in sample], known, finds), known, -c)
        for c, name in enumerate(lines[0][:LOOKED_AT] if lines else ())
        for known in [headers.plain(name) in headers.FILE]
    ]
    best = max(scores, default=(0, False, 0))
    return -best[2] if best[0] else None


def _score(column: Sequence[str], known: bool, finds: Finds) -> int:
    """Count the pictures that cells name; mere numbers count only where most of them are some."""
    cells = set(column)
    found = {cell: path for cell in cells if (path := finds(cell)) is not None}
    is_sparse = 2 * len(found) < len(cells) or 2 * len(cells) < len(column)
    if is_sparse and not known and all(number(cell) is not None for cell in found):
        return 0
    return sum(1 + (names.key(path[-1]) in names.key(cell)) for cell, path in found.items())


def _stranger(table: Table) -> str:
    """Give an example of the names in a list of pictures that are not here."""
    lines = table.lines
    for column, name in enumerate(lines[0][:LOOKED_AT] if lines else ()):
        cells = [cell for line in lines[1 : 1 + SAMPLE] if (cell := cell_of(line, column))]
        called = table.named and headers.plain(name) in headers.FILE
        labelled = not headers.LABEL.isdisjoint(map(headers.plain, lines[0]))
        if cells and (2 * sum(map(is_file_name, cells)) > len(cells) or (called and labelled)):
            return cells[0]
    return ""
