"""A CSV or JSON file beside the images that says which class each of them has."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import UserError
from core.ingest import columns, encodings, names, tables
from core.ingest.columns import Facts, Row
from core.ingest.parts import parts_of
from core.ingest.sources import Entry, Source
from core.words import Message, nsay, say

MAX_LISTS = 20
MAX_BYTES = 16 << 20
MAX_DEPTH = 3  # parts of the path of a list, its name included
Parts = tuple[str, ...]


@dataclass(slots=True)
class Labels:
    """What lists of labels say of the entries of a source."""

    rows: dict[Parts, dict[str, Row]] = field(default_factory=lambda: defaultdict(dict))
    lists: list[Entry] = field(default_factory=list)  # more than one row where they contradict
    facts: dict[Parts, Facts] = field(default_factory=dict)  # what further columns say
    noted: list[Entry] = field(default_factory=list)  # lists that say no class, only facts
    unread: list[Entry] = field(default_factory=list)  # which column is the class is not clear
    missing: int = 0  # lines that name no image
    warnings: list[Message] = field(default_factory=list)

    @property
    def of(self) -> Mapping[Parts, tuple[Row, ...]]:
        """Give what is said of each picture."""
        return {place: tuple(by_label.values()) for place, by_label in self.rows.items()}


def find(source: Source, is_picture: Callable[[Entry], bool]) -> Labels:
    """Read the lists of labels of a source; those of fewer than half of the pictures are none.

    Half of the pictures in the folders that a list speaks of: a list of what is to be learned from
    says nothing of the folder of the test.
    """
    pictures = [entry for entry in source.entries if is_picture(entry)]
    known, found = _Pictures(pictures), Labels()
    is_sorted = _is_sorted(pictures)
    lists = filter(_may_be_list, source.entries)
    for entry in sorted(lists, key=lambda entry: len(entry.parts))[:MAX_LISTS]:
        _take_in(found, source, entry, known, sorted_already=is_sorted)
    folders = {place[:-1] for place in found.rows}
    near = sum(entry.parts[:-1] in folders for entry in pictures)
    if 2 * len(found.rows) < near or not found.rows:
        return Labels(facts=found.facts, noted=found.noted, unread=found.unread)
    if found.missing:
        found.warnings.insert(0, _lines_without_image(found.missing))
    return found


def _take_in(
    found: Labels, source: Source, entry: Entry, pictures: "_Pictures", *, sorted_already: bool
) -> None:
    data = _read(source, entry)
    table = tables.read(entry.parts[-1].lower(), data)
    folder = entry.parts[:-1]
    rows = columns.rows(
        table, lambda cell: pictures.find(cell, folder), sorted_already=sorted_already
    )
    if rows is None:
        found.unread.append(entry)
        return
    named = [(place, row) for row in rows if (place := pictures.find(row.file, folder))]
    if not named:
        return
    for place, row in named:
        found.facts[place] = (*found.facts.get(place, ()), *row.facts)
    if not any(row.label for _, row in named):
        found.noted.append(entry)
    else:
        found.lists.append(entry)
        found.missing += len(rows) - len(named)
        found.warnings += _warn_of_guess(entry, data)
    for place, row in named:
        if row.label:
            found.rows[place][names.key(row.label)] = row


def _is_sorted(pictures: Iterable[Entry]) -> bool:
    """Tell whether the pictures lie in several folders that are no parts of a split."""
    folders = {entry.parts[:-1] for entry in pictures}
    above = {folder[:-1] for folder in folders}
    parts = parts_of({folder[-1] for folder in folders if folder}) if len(above) == 1 else {}
    return len({folder for folder in folders if not folder or not parts.get(folder[-1])}) > 1


def _may_be_list(entry: Entry) -> bool:
    name = names.key(entry.parts[-1])
    if "submission" in name:  # what is to be handed in at a competition: its classes are made up
        return False
    short = len(entry.parts) <= MAX_DEPTH and entry.size <= MAX_BYTES
    return name.endswith(tables.SUFFIXES) and short


def _read(source: Source, entry: Entry) -> bytes:
    try:
        return source.read(entry)
    except UserError:
        return b""  # the decoder will say why it cannot be read


def _lines_without_image(missing: int) -> Message:
    return nsay(
        "{num} line of the list of labels names no image that is there.",
        "{num} lines of the list of labels name no image that is there.",
        num=missing,
    )


def _warn_of_guess(entry: Entry, data: bytes) -> tuple[Message, ...]:
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


class _Pictures:
    """Finds the picture that a cell means: by its path or the end of it, else by its name alone."""

    def __init__(self, pictures: Sequence[Entry]) -> None:
        self._by_path = {_key(entry.parts): entry.parts for entry in pictures}
        self._by_name = _unique(pictures, stem=False)
        self._by_stem = _unique(pictures, stem=True)

    def find(self, cell: str, beside: Parts) -> Parts | None:
        """Give the path of the picture that a cell of a list in the folder ``beside`` names."""
        parts = [names.clean(p) for p in cell.replace("\\", "/").split("/")]
        parts = [part for part in parts if part not in ("", ".", "..")]
        if not parts:
            return None
        ends = (parts[start:] for start in range(len(parts)))
        paths = (self._by_path.get(_key(path)) for path in ((*beside, *parts), *ends))
        name = names.key(parts[-1])
        return next(filter(None, paths), None) or self._by_name.get(name) or self._by_stem.get(name)


def _key(parts: Sequence[str]) -> str:
    return names.key("/".join(parts))


def _unique(pictures: Iterable[Entry], *, stem: bool) -> dict[str, Parts]:
    named: dict[str, list[Parts]] = defaultdict(list)
    for entry in pictures:
        name = entry.parts[-1].rsplit(".", 1)[0] if stem else entry.parts[-1]
        named[names.key(name)].append(entry.parts)
    return {name: found[0] for name, found in named.items() if len(found) == 1}
