"""The column of a list whose numbers are to be learned, and those that could be."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from core import names
from core.errors import UserError
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.lists import gathering, headers, labels, measures, numbers, reading
from core.ingest.lists.columns import Columns, cell_of
from core.ingest.lists.formats import tables
from core.ingest.lists.pictures import Pictures, words_of
from core.ingest.lists.records import Parts, Row, Table
from core.judging.numbers import written
from core.records.imports import Options
from core.words import enumeration, say

MOST_OFFERED = 5
_LEAST = 0.8  # of the cells of a column are numbers, where it is offered
_NAMES = {"id", "ids", "nr", "no", "code", "zip", "plz", "index", "idx", "编号", "序号"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNumbers:
    """A column of one list: what it says of each image that it names."""

    list: SourceFile
    name: str  # as people wrote it; without a header its number, counted from 1
    rows: tuple[tuple[Parts, Row], ...]  # the label of a row is the cell


def offered(source: Source, is_picture: Callable[[SourceFile], bool]) -> tuple[ListedNumbers, ...]:
    """Give the columns that measure something, by their names and by what they hold."""
    found = dict[str, ListedNumbers]()
    for column in _columns(source, is_picture):
        if len(found) < MOST_OFFERED and _measures(column):
            found.setdefault(names.key(column.name), column)
    return tuple(found.values())


def find(source: Source, is_picture: Callable[[SourceFile], bool], name: str) -> ListedNumbers:
    """Give the column of that name. Raises `UserError` where no list has one."""
    known = dict[str, ListedNumbers]()
    for column in _columns(source, is_picture):
        known.setdefault(headers.plain(column.name), column)
        if names.key(column.name) == names.key(name):
            return column
    if headers.plain(name) in known:
        return known[headers.plain(name)]
    if not known and (unread := _unread(source, is_picture)):
        raise unread[0]
    raise _unknown(name, [column.name for column in known.values()])


def _unread(source: Source, is_picture: Callable[[SourceFile], bool]) -> list[UserError]:
    """Say why the lists that there are name no image."""
    return list(labels.find_labels(source, is_picture, Options()).problems.values())


def _columns(source: Source, is_picture: Callable[[SourceFile], bool]) -> Iterator[ListedNumbers]:
    """Give every column of every list that names the images, but for that of their names."""
    pictures = Pictures([entry for entry in source.entries if is_picture(entry)])
    for entry, columns, finds in _lists(source, pictures):
        width = max(len(columns.header), columns.width)
        for index in range(width):
            if index in (columns.file, columns.part):
                continue
            named = cell_of(columns.names, index) if columns.header else ""
            rows = ((finds(row.file), row) for row in _rows(columns, index))
            yield ListedNumbers(
                list=entry,
                name=names.clean(named) or str(index + 1),
                rows=tuple((path, row) for path, row in rows if path),
            )


def _rows(columns: Columns, index: int) -> list[Row]:
    """Give a row for each line, also where the cell is empty."""
    return columns.rows(index, keep_empty=True)


def _lists(
    source: Source, pictures: Pictures
) -> Iterator[tuple[SourceFile, Columns, Callable[[str], Parts | None]]]:
    for entry in gathering.may_be_lists(source)[: gathering.MAX_LISTS]:
        if entry.size > gathering.MAX_BYTES:
            continue
        name = names.key(entry.parts[-1])
        finds = cache(partial(pictures.find, beside=entry.parts[:-1], hints=words_of(name)))
        for table in _read(source, entry, name):
            file = reading.file_column(table.lines, finds)
            if file is not None:
                yield entry, Columns(table, finds, file), finds


def _read(source: Source, entry: SourceFile, name: str) -> Sequence[Table]:
    try:
        return tables.read(name, source.read(entry))
    except UserError:
        return ()


def _measures(column: ListedNumbers) -> bool:
    """Tell a column that measures from one that names, counts or marks."""
    cells = [row.label for _, row in column.rows if row.label]
    if len(cells) < len(column.rows) / 2 or not cells or _is_name(column.name):
        return False
    told = numbers.read_cells(cells)
    if len(told.there) < _LEAST * len(cells):
        return False
    values = [written.plain(number) for number in told.there]
    return bool(told.unit) or measures.are_measures(values, column.name)


def _is_name(column: str) -> bool:
    plain = headers.plain(column)
    return plain in headers.FILE | headers.INDEX or plain.split("_")[-1] in _NAMES


def _unknown(name: str, known: Sequence[str]) -> UserError:
    if not known:
        return UserError(
            say("There is no list that names the images."),
            expected=say("A table (CSV or Excel) with a column of file names and one of numbers."),
            mend=say("Put it beside the images and bring them in again."),
        )
    return UserError(
        say("No list has a column '{name}'.", name=names.clean(name)),
        expected=say("The columns are: {known}.", known=enumeration(list(known[:20]))),
        mend=say("Choose the one that holds the number to learn."),
    )
