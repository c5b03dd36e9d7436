"""Text as a table: a CSV, TSV, JSON or JSON Lines file, in whatever encoding."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from core.ingest import encodings

SUFFIXES = (".csv", ".tsv", ".json", ".jsonl")
Table = Sequence[Sequence[str]]  # its first line may be a header


def read(name: str, data: bytes) -> Table:
    """Read a table; an empty one when the file is something else."""
    text = encodings.decode_text(data).strip("\r\n")
    try:
        if name.endswith(".json"):
            return _from_json(json.loads(text))
        if name.endswith(".jsonl"):
            return _from_json([json.loads(line) for line in text.split("\n") if line.strip()])
        return _from_lines(text)
    except (ValueError, csv.Error, RecursionError):
        return []


def _from_json(value: Any) -> Table:
    """Read ``{file: label}``, ``{label: [files]}`` or ``[{"file": ..., "label": ...}]``."""
    if isinstance(value, dict):
        pairs = [
            (file, key) if isinstance(found, list) else (key, found)
            for key, found in value.items()
            for file in (found if isinstance(found, list) else [found])
        ]
        plain = [pair for pair in pairs if all(isinstance(part, str | int) for part in pair)]
        return [("file", "label"), *((str(file), str(label)) for file, label in plain)]
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        header = [str(key) for key in value[0]]
        return [header, *([str(row.get(k, "")) for k in header] for row in value)]
    return []


def _from_lines(text: str) -> Table:
    first, _, rest = text.partition("\n")
    if first.strip().lower().removeprefix("sep=") in (",", ";", "\t", "|"):  # a word to Excel
        return _from_lines(rest)
    delimiter = max(",;\t|", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)
    return [line for line in lines if line]
