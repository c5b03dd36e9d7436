"""Reads every list beside the images, and gathers what they say of each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial

from core import names
from core.errors import UserError
from core.ingest.archives import encodings
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.layouts import level_words
from core.ingest.lists import problems, reading, weighing
from core.ingest.lists.formats import sidecars, tables
from core.ingest.lists.pictures import Pictures, words_of
from core.ingest.lists.records import Box, Parts, Row, Table
from core.ingest.lists.weighing import Found
from core.words import Message, say

MAX_LISTS = 500
_NO_LISTS = ("license", "licence", "readme", "copying", "attribution")
_FEW = 20  # files of JSON beside an image each that may be lists of their own
MAX_BYTES = 16 << 20
MAX_TOTAL = 64 << 20  # bytes of all lists together
MAX_DEPTH = 8  # parts of the path of a list, its name included


@lru_cache(maxsize=1)  # questions are asked more than once of one source
def gather(source: Source, is_picture: Callable[[SourceFile], bool]) -> Found:
    """Read the lists of a source."""
    images = _photographs([entry for entry in source.entries if is_picture(entry)])
    found = Found(is_sorted=weighing.are_sorted(images), num_pictures=len(images))
    if not images:
        return found
    pictures = Pictures(images)
    drawn, table, entries = sidecars.find(source, pictures)
    _take_boxes(found, drawn, pictures)
    if table:
        _take(found, entries, [table], pictures, example=images[0].file)
    said = drawn or found.lists or found.marked or found.noted or len(entries) > _FEW
    read = {*drawn, *entries} if said else set()
    left = MAX_TOTAL
    for entry in [e for e in may_be_lists(source) if e not in read][:MAX_LISTS]:
        left -= entry.size
        _read(found, source, entry, pictures, example=images[0].file, fits=left > 0)
    weighing.give_parts(found)
    weighing.name_numbers(found, source)
    weighing.weigh(found, images)
    return found


def _photographs(pictures: list[SourceFile]) -> list[SourceFile]:
    """Leave out what lies in folders of masks, which have the names of their photographs."""
    folders = {folder for entry in pictures for folder in entry.parts[:-1]}
    masks = {folder for folder in folders if level_words.are_masks(folder)}
    if any(level_words.are_without_masks(folder) for folder in folders):  # faces, say
        return pictures
    return [entry for entry in pictures if masks.isdisjoint(entry.parts[:-1])] or pictures


def may_be_lists(source: Source) -> list[SourceFile]:
    """Give the files that may be lists by their names, the outermost first."""
    lists = (
        entry
        for entry in source.entries
        if len(entry.parts) <= MAX_DEPTH
        and entry.parts[-1].lower().endswith(tables.SUFFIXES)
        and not entry.parts[-1].lower().startswith(_NO_LISTS)
    )
    return sorted(lists, key=lambda entry: len(entry.parts))


def _read(
    found: Found, source: Source, entry: SourceFile, pictures: Pictures, *, example: str, fits: bool
) -> None:
    """Read one file that may be a list."""
    name = names.key(entry.parts[-1])
    is_table = name.endswith(tables.TABLES)
    if "submission" in name and is_table:  # of a competition: its classes are made up
        found.silent[entry] = problems.made_up(entry.file)
    elif entry.size > MAX_BYTES or not fits:
        if is_table:
            found.problems[entry] = problems.too_large(entry.file, MAX_BYTES >> 20)
    else:
        try:
            data = source.read(entry)
            read = tables.read(name, data)
        except UserError as error:
            found.problems[entry] = problems.broken(entry.file, error)
            return
        _take(found, [entry], read, pictures, example=example)
        if entry in found.lists and not name.endswith((".xlsx", ".xlsm")):
            found.warnings += _warn_of_guess(entry, data)
        told = (found.lists, found.marked, found.noted, found.problems, found.silent)
        if any(entry in each for each in told):
            return
        if is_table:
            found.silent[entry] = problems.silent(entry.file)
        elif pictures.are_in(encodings.decode_text(data)):
            found.silent[entry] = problems.unclear(entry.file)


def _take(
    found: Found,
    entries: Sequence[SourceFile],
    read: Iterable[Table],
    pictures: Pictures,
    *,
    example: str,
) -> None:
    """Take in what the tables of one list say; of one list in several files, the first is named."""
    entry, said = entries[0], False
    hints = words_of(entry.parts[-1])
    finds = cache(partial(pictures.find, beside=entry.parts[:-1], hints=hints))
    for table in read:
        given = reading.read(table, finds, sorted_already=found.is_sorted)
        named = [(path, row) for row in given.rows if (path := finds(row.file))]
        if _is_legend(given.rows):
            continue
        if named:
            said = True
            found.missing += len(given.rows) - len(named) if any(r.label for _, r in named) else 0
            _take_rows(found, entries, named, given.column)
        elif given.unclear:
            found.problems.setdefault(entry, problems.unclear(entry.file))
        elif given.stranger:
            found.problems.setdefault(entry, _strange(entry, given.stranger, pictures, example))
    if said:
        found.problems.pop(entry, None)


def _strange(entry: SourceFile, cell: str, pictures: Pictures, example: str) -> UserError:
    count = pictures.called(cell)
    if count > 1:
        return problems.ambiguous(entry.file, cell, count)
    return problems.strange(entry.file, cell, example.rpartition("/")[2])


def _is_legend(rows: Sequence[Row]) -> bool:
    """Tell a table of what numbers mean: to each its own word."""
    labels = {row.label for row in rows if not row.boxes}
    numbers = all(row.file.isdecimal() for row in rows)
    return len(rows) > 1 and numbers and len(labels) == len(rows)


def _take_rows(
    found: Found, entries: Sequence[SourceFile], named: Sequence[tuple[Parts, Row]], column: str
) -> None:
    for path, row in named:
        known = dict(found.facts.get(path, ()))
        found.facts[path] = tuple((dict(row.facts) | known).items())
    labelled = _as_labels(named)
    if any(row.boxes for _, row in named) and not labelled:
        for path, row in named:
            found.boxes.setdefault(path, []).extend(row.boxes)
        found.marked += entries
    elif not labelled:
        found.noted += entries
    else:
        _take_labels(found, entries, labelled, column)


def _take_labels(
    found: Found, entries: Sequence[SourceFile], labelled: Sequence[tuple[Parts, Row]], column: str
) -> None:
    """Take in classes; of two lists that name them otherwise, the one of words, or the first."""
    if weighing.otherwise(found, labelled):
        are_numbers = all(label.isdecimal() for label in weighing.classes(found))
        if not are_numbers:
            found.silent[entries[0]] = problems.other_classes(entries[0].file, found.lists[0].file)
            return
        for entry in weighing.forget(found):
            found.silent[entry] = problems.other_classes(entry.file, entries[0].file)
    found.column = column if not found.lists else ""
    found.lists += entries
    for path, row in labelled:
        known = found.rows.setdefault(path, [])
        found.said_by.setdefault(path, entries[0])
        if names.key(row.label) not in {names.key(r.label) for r in known}:
            known.append(row)


def _as_labels(named: Sequence[tuple[Parts, Row]]) -> list[tuple[Parts, Row]]:
    """Give the rows that say a class; a list of one box an image says it by that."""
    boxes: dict[Parts, list[Box]] = defaultdict(list)
    for path, row in named:
        boxes[path] += row.boxes
    if not any(boxes.values()):
        return [(path, row) for path, row in named if row.label]
    single = all(len(found) < 2 for found in boxes.values())
    labels = {found[0].label for found in boxes.values() if found} - {""}
    if not single or len(labels) < 2:
        return []
    told = ((path, replace(r, label=r.boxes[0].label) if r.boxes else r) for path, r in named)
    return [(path, row) for path, row in told if row.label]


def _take_boxes(found: Found, drawn: Mapping[SourceFile, Row], pictures: Pictures) -> None:
    for entry, row in drawn.items():
        if path := pictures.find(row.file, entry.parts[:-1]):
            found.boxes.setdefault(path, []).extend(row.boxes)
            found.marked.append(entry)


def _warn_of_guess(entry: SourceFile, data: bytes) -> tuple[Message, ...]:
    encoding = encodings.guess_text(data)
    if encoding.startswith("utf"):
        return ()
    return (
        say(
            "'{file}' does not say how it is written and was read as {encoding}. If the names of "
            "classes look wrong, save it as UTF-8 and bring it in again.",
            file=entry.file,
            encoding=encoding.upper(),
        ),
    )
