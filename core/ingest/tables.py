"""Lists of labels as text: a CSV, TSV, JSON or JSON Lines file, in whatever encoding."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.ingest import encodings, names, parts
from core.records import Split

SUFFIXES = (".csv", ".tsv", ".json", ".jsonl")
FILE_COLUMNS = {
    *("file", "filename", "file_name", "image", "image_name", "image_file", "img", "path"),
    *("filepath", "file_path", "image_path", "id", "image_id", "name", "文件", "文件名", "图片"),
}
LABEL_COLUMNS = {
    *("label", "class", "category", "labels", "class_name", "classname", "class_label"),
    *("label_name", "target", "species", "breed", "标签", "类别", "分类"),
}
SPLIT_COLUMNS = {"split", "set", "subset", "part", "partition"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of labels."""

    file: str
    label: str
    given: Split | None = None


def parse(name: str, data: bytes, *, headless: bool) -> list[Row]:
    """Read a list; no rows when it is a file about something else."""
    text = encodings.decode_text(data).strip("\r\n")
    try:
        if name.endswith(".json"):
            return _from_json(json.loads(text))
        if name.endswith(".jsonl"):
            return _from_json([json.loads(line) for line in text.split("\n") if line.strip()])
        return _from_table(text, headless=headless)
    except (ValueError, csv.Error, RecursionError):
        return []


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
    first, _, rest = text.partition("\n")
    if first.strip().lower().removeprefix("sep=") in (",", ";", "\t"):  # a word to Excel
        return _from_table(rest, headless=headless)
    delimiter = max(",;\t", key=first.count)
    table = list(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter))
    return _from_rows(table, headless=headless)


def _from_rows(table: Sequence[Sequence[str]], *, headless: bool = False) -> list[Row]:
    if not table:
        return []
    header = [names.key(name.strip()).replace(" ", "_").replace("-", "_") for name in table[0]]
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
    return Row(file.strip(), shown, parts.part_of(part)) if file.strip() and shown else None
