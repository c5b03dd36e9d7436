"""Annotations in a file for each image: boxes of YOLO and Pascal VOC, and JSON of any kind."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from core import names
from core.errors import UserError
from core.ingest.archives import encodings
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.lists.formats import xml_tables
from core.ingest.lists.formats.json_tables import records
from core.ingest.lists.pictures import Pictures
from core.ingest.lists.records import Box, Row, Table, area_of, number

SUFFIXES = (".txt", ".xml", ".json")
MAX_BYTES = 1 << 20
MAX_FILES = 200_000
_TRIED = 8  # files of a kind that say nothing before the others are left alone
_NAMES = ("data.yaml", "dataset.yaml", "classes.txt", "obj.names", "labels.txt", "class_names.txt")


def find(
    source: Source, pictures: Pictures
) -> tuple[dict[SourceFile, Row], Table | None, list[SourceFile]]:
    """Find the files that stand beside an image each: the boxes in them, and JSON as one table."""
    beside = [
        entry
        for entry in source.entries
        if entry.parts[-1].lower().endswith(SUFFIXES)
        and entry.size <= MAX_BYTES
        and pictures.has_stem(entry.parts[-1])
    ][:MAX_FILES]
    drawn = _yolo(source, beside) | _pascal(source, beside)
    said = list(_records(source, beside))
    table = records([{"file": _path(e), **record} for e, record in said]) if said else None
    return drawn, table, [entry for entry, _ in said]


def _read(source: Source, entry: SourceFile) -> str:
    try:
        return encodings.decode_text(source.read(entry))
    except UserError:
        return ""


def _of_kind(entries: Sequence[SourceFile], suffix: str) -> list[SourceFile]:
    return [entry for entry in entries if entry.parts[-1].lower().endswith(suffix)]


def _stem(entry: SourceFile) -> str:
    return entry.parts[-1].rpartition(".")[0]


def _path(entry: SourceFile) -> str:
    return "/".join((*entry.parts[:-1], _stem(entry)))


def _yolo(source: Source, beside: Sequence[SourceFile]) -> dict[SourceFile, Row]:
    found, empty = dict[SourceFile, list[Box]](), list[SourceFile]()
    for entry in _of_kind(beside, ".txt"):
        text = _read(source, entry)
        boxes = _lines(text)
        if boxes:
            found[entry] = boxes
        elif boxes is None and not found and len(empty) > _TRIED:
            return {}
        elif boxes is None or not text.strip():
            empty.append(entry)
    called = _class_names(source) if found else {}
    return {
        entry: Row(
            _stem(entry), "", boxes=tuple(Box(called.get(b.label, b.label), b.area) for b in boxes)
        )
        for entry, boxes in found.items()
    }


def _lines(text: str) -> list[Box] | None:
    """Read lines of ``class x y width height``, or of ``class x y x y x y ...``."""
    found = []
    for line in islice(text.splitlines(), 10_000):
        cells = line.split()
        if not cells:
            continue
        if len(cells) < 5 or not cells[0].isdecimal() or None in map(number, cells):
            return None
        sides = [number(cell) or 0.0 for cell in cells[1:]]
        points = zip(sides[::2], sides[1::2], strict=False)
        found.append(Box(cells[0], sides[2] * sides[3] if len(sides) < 6 else area_of(points)))
    return found


def _class_names(source: Source) -> Mapping[str, str]:
    """Read what the numbers of YOLO mean, from whichever file says it."""
    for entry in source.entries:
        if entry.parts[-1].lower() in _NAMES and entry.size <= MAX_BYTES:
            text = _read(source, entry)
            found = (
                _yaml_names(text)
                if entry.parts[-1].lower().endswith(".yaml")
                else text.splitlines()
            )
            if found:
                return {str(n): names.clean(name)[: names.MAX_NAME] for n, name in enumerate(found)}
    return {}


def _yaml_names(text: str) -> list[str]:
    """Read ``names: [a, b]``, or a line for each below it, as a list or with numbers."""
    _, found, rest = f"\n{text}".partition("\nnames:")
    if rest.lstrip().startswith("["):
        inner = rest.lstrip()[1:].partition("]")[0].split(",")
        return [name.strip(" \r\n\t'\"") for name in inner]
    listed = []
    for line in rest.splitlines()[1:] if found else ():
        if not line.startswith((" ", "-", "\t")):
            break
        listed.append(line.strip().lstrip("-").rpartition(": ")[2].strip(" '\""))
    return listed


def _pascal(source: Source, beside: Sequence[SourceFile]) -> dict[SourceFile, Row]:
    found = {}
    for entry in _of_kind(beside, ".xml"):
        for table in xml_tables.read(_read(source, entry)):
            if table.boxes and len(table.lines) == 2 and table.boxes[1]:
                found[entry] = Row(_stem(entry), "", boxes=table.boxes[1])
    return found


def _records(
    source: Source, beside: Sequence[SourceFile]
) -> Iterator[tuple[SourceFile, dict[str, object]]]:
    for entry in _of_kind(beside, ".json"):
        try:
            value = json.loads(_read(source, entry))
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield entry, value
