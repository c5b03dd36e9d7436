"""A CSV or JSON file beside the images that says which class each of them has."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import UserError
from core.ingest import encodings, names
from core.ingest.sources import Entry, Source
from core.records import Split
from core.words import Message, nsay

SUFFIXES = (".csv", ".tsv", ".json")
MAX_LISTS = 20
MAX_BYTES = 16 << 20
MAX_DEPTH = 3  # parts of the path of a list, its name included
FILE_COLUMNS = {
    *("file", "filename", "file_name", "image", "image_name", "img", "path", "filepath"),
    *("file_path", "image_path", "id", "image_id", "name", "文件", "文件名", "图片"),
}
LABEL_COLUMNS = {
    *("label", "class", "category", "labels", "class_name", "classname", "label_name"),
    *("target", "species", "breed", "标签", "类别", "分类"),
}
SPLIT_COLUMNS = {"split", "set", "subset", "part", "partition"}
SPLITS = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "val": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "validation": Split.VALIDATION,
    "test": Split.TEST,
    "testing": Split.TEST,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of labels."""

    file: str
    label: str
    given: Split | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """What lists of labels say of the entries of a source."""

    rows: Mapping[tuple[str, ...], Row]
    places: frozenset[int]  # the entries that are such lists
    warnings: tuple[Message, ...]


def find(source: Source, is_picture: Callable[[Entry], bool]) -> Labels | None:
    """Read the lists of labels of a source, if they name at least half of its pictures."""
    pictures = [entry for entry in source.entries if is_picture(entry)]
    together = len({entry.parts[:-1] for entry in pictures}) == 1  # not sorted into folders
    found: dict[tuple[str, ...], Row] = {}
    places, missing = set[int](), 0
    for entry in sorted(filter(_may_be_list, source.entries), key=_depth)[:MAX_LISTS]:
        rows = _parse(entry, _read(source, entry), headless=together)
        named = _match(rows, entry, pictures)
        if named:
            places.add(entry.place)
            missing += len(rows) - len(named)
            found.update(named)
    if not found or 2 * len(found) < len(pictures):
        return None
    return Labels(found, frozenset(places), _warn_of_missing(missing))


def _may_be_list(entry: Entry) -> bool:
    named = entry.parts[-1].lower().endswith(SUFFIXES)
    return named and len(entry.parts) <= MAX_DEPTH and entry.size <= MAX_BYTES


def _depth(entry: Entry) -> int:
    return len(entry.parts)


def _read(source: Source, entry: Entry) -> bytes:
    try:
        return source.read(entry)
    except UserError:
        return b""  # the decoder will say why it cannot be read


def _warn_of_missing(missing: int) -> tuple[Message, ...]:
    if not missing:
        return ()
    return (
        nsay(
            "{num} line of the list of labels names no image that is there.",
            "{num} lines of the list of labels name no image that is there.",
            num=missing,
        ),
    )


def _parse(entry: Entry, data: bytes, *, headless: bool) -> list[Row]:
    text = data.decode(encodings.guess([data]), "replace").removeprefix("\ufeff")
    try:
        if entry.parts[-1].lower().endswith(".json"):
            return _from_json(json.loads(text))
        return _from_table(text, headless=headless)
    except (ValueError, csv.Error, RecursionError):
        return []  # some other file; it is reported as no image


def _from_json(value: Any) -> list[Row]:
    """Read ``{file: label}``, ``{label: [files]}`` or ``[{"file": ..., "label": ...}]``."""
    if isinstance(value, dict):
        pairs = [
            (file, key) if isinstance(found, list) else (key, found)
            for key, found in value.items()
            for file in (found if isinstance(found, list) else [found])
        ]
        plain = [pair for pair in pairs if all(isinstance(part, str | int) for part in pair)]
        return [row for file, label in plain if (row := _row(str(file), str(label)))]
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        header = [str(key) for key in value[0]]
        return _from_rows([header, *([str(row.get(k, "")) for k in header] for row in value)])
    return []


def _from_table(text: str, *, headless: bool) -> list[Row]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    return _from_rows(table, headless=headless)


def _from_rows(table: Sequence[Sequence[str]], *, headless: bool = False) -> list[Row]:
    if not table:
        return []
    header = [names.key(name.strip()) for name in table[0]]
    file, label = _column(header, FILE_COLUMNS), _column(header, LABEL_COLUMNS)
    part = _column(header, SPLIT_COLUMNS)
    if file is None or label is None:
        if len(header) != 2 or file is not label or not headless:
            return []
        file, label, part, body = 0, 1, None, table
    else:
        body = table[1:]
    most = max(file, label, part or 0)
    rows = (
        _row(line[file], line[label], line[part] if part is not None else "")
        for line in body
        if len(line) > most
    )
    return [row for row in rows if row]


def _column(header: Sequence[str], known: set[str]) -> int | None:
    return next((place for place, name in enumerate(header) if name in known), None)


def _row(file: str, label: str, part: str = "") -> Row | None:
    shown = names.clean(label)[: names.MAX_NAME]
    given = SPLITS.get(names.key(part.strip()))
    return Row(file.strip(), shown, given) if file.strip() and shown else None


def _match(
    rows: Iterable[Row], beside: Entry, pictures: Sequence[Entry]
) -> dict[tuple[str, ...], Row]:
    """Find the picture each line means: by its path, else by a name that only one has."""
    folder = beside.parts[:-1]
    by_path = {_key(entry.parts): entry.parts for entry in pictures}
    by_name, by_stem = _unique(pictures, stem=False), _unique(pictures, stem=True)
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        try:
            parts = names.split(row.file)
        except UserError:
            continue
        name = names.key(parts[-1])
        place = (
            by_path.get(_key(folder + parts))
            or by_path.get(_key(parts))
            or by_name.get(name)
            or by_stem.get(name)
        )
        if place:
            found[place] = row
    return found


def _key(parts: Sequence[str]) -> str:
    return names.key("/".join(parts))


def _unique(pictures: Iterable[Entry], *, stem: bool) -> dict[str, tuple[str, ...]]:
    named: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for entry in pictures:
        name = entry.parts[-1].rsplit(".", 1)[0] if stem else entry.parts[-1]
        named[names.key(name)].append(entry.parts)
    return {name: found[0] for name, found in named.items() if len(found) == 1}
