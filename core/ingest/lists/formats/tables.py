"""Files as tables: text with delimiters, JSON, JSON Lines, XML and workbooks, however encoded."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from core import spreadsheets
from core.ingest.archives import encodings
from core.ingest.layouts.folders import PICTURES
from core.ingest.lists.formats import json_programs, json_tables, workbooks, xml_tables
from core.ingest.lists.records import MAX_COLUMNS, MAX_LINES, Table

_LINES = (".jsonl", ".ndjson", ".manifest")
_WORDS = (".txt", ".lst")  # tables if a cell of theirs ends as pictures do, or by their name
TABLES = (".csv", ".tsv", *_LINES, *workbooks.SUFFIXES, *workbooks.OTHERS)
SUFFIXES = (*TABLES, ".json", ".xml", *_WORDS)
_CALLED = re.compile(r"(^|[\W_])(list|liste|train|trainval|val|test|annotations?)[\W_]")
SENT = (*SUFFIXES, ".yaml", ".names")  # what a browser sends beside the images
_SAMPLE = 50  # lines that are looked at to tell the delimiter


def read(name: str, data: bytes) -> list[Table]:
    """Read the tables in a file, none when it is something else; `UserError` for a workbook
    that cannot be read."""
    if name.endswith((*workbooks.SUFFIXES, *workbooks.OTHERS)):
        sheets = workbooks.read(name, data)
        return [replace(sheet, lines=_below_titles(sheet.lines)) for sheet in sheets]
    text = encodings.decode_text(data).strip("\r\n")
    if "\0" in text:  # no text at all
        return []
    try:
        if name.endswith(".json"):
            return json_tables.read(json.loads(text))
        if name.endswith(_LINES):
            return json_tables.read([json.loads(line) for line in _lines(text)])
        if name.endswith(".xml"):
            return xml_tables.read(text)
        lines = _spaced(name, text) if name.endswith(_WORDS) else _delimited(text)
        said = json_programs.via_lines(lines)
        return json_tables.read(said) if said else [Table(lines)]
    except (ValueError, TypeError, KeyError, AttributeError, csv.Error, RecursionError):
        return []


def _lines(text: str) -> Iterator[str]:
    return islice((line for line in text.split("\n") if line.strip()), MAX_LINES)


def _delimited(text: str) -> Sequence[Sequence[str]]:
    first, _, rest = text.partition("\n")
    if first.strip().lower().removeprefix("sep=") in (",", ";", "\t", "|"):  # a word to Excel
        return _delimited(rest)
    lines = csv.reader(io.StringIO(text, newline=None), delimiter=_delimiter(text))
    kept = (line[:MAX_COLUMNS] for line in islice(lines, MAX_LINES) if line)
    return _below_titles([[spreadsheets.unquoted(cell) for cell in line] for line in kept])


def _delimiter(text: str) -> str:
    """Find the delimiter that most of the first lines have equally often."""
    sample = [line for line in text[: 1 << 16].splitlines()[:_SAMPLE] if line.strip()]

    def alike(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in sample)
        counts.pop(0, None)
        often = max(counts.values(), default=0)
        return often, sample[0].count(delimiter) if sample else 0

    return max(",;\t|", key=alike)


def _below_titles(lines: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Leave out a title and notes above the header: lines of one cell in a table of several."""
    filled = [sum(bool(cell.strip()) for cell in line) for line in lines[:_SAMPLE]]
    if 2 * sum(count > 1 for count in filled) <= len(filled):
        return list(lines)
    start = next(index for index, count in enumerate(filled) if count > 1)
    return list(lines[start:])


def _spaced(name: str, text: str) -> Sequence[Sequence[str]]:
    """Read lines such as ``train/7.jpg 1``; a name may have spaces in it."""
    told = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    lines = [line.split() for line in islice(told, MAX_LINES)]
    pictures = any(c.strip('",;').lower().endswith(PICTURES) for line in lines[:20] for c in line)
    if not pictures and not _CALLED.search(name):
        return []
    if any(d in text[: 1 << 12] for d in ",;\t|"):
        return _delimited(text)
    if len({len(line) for line in lines}) == 1:
        return [line[:MAX_COLUMNS] for line in lines]
    return [[" ".join(line[:-1]), line[-1]] for line in lines]
