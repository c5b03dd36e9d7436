"""Which columns of a table name the picture, its class and its part of the split."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.ingest import names, parts
from core.ingest.tables import Table
from core.records import Split

_SAMPLE = 200  # lines that are looked at to tell the column of the pictures
_FILE = {
    *("file", "filename", "file_name", "image", "image_name", "image_file", "img", "path"),
    *("filepath", "file_path", "image_path", "id", "image_id", "name", "文件", "文件名", "图片"),
}
_LABEL = {
    *("label", "class", "category", "labels", "class_name", "classname", "class_label", "classid"),
    *("class_id", "label_id", "label_name", "category_id", "category_name", "target", "species"),
    *("breed", "diagnosis", "dx", "finding_labels", "标签", "类别", "分类"),
}
_SPLIT = {"split", "set", "subset", "part", "partition", "dataset_type"}
_INDEX = {"", "index", "unnamed:_0"}
_MAX_FACTS = 12  # further columns that are kept, each with cells of so many characters:
_MAX_CELL = 80
_FLAGS = {"0": False, "1": True, "0.0": False, "1.0": True}

Facts = tuple[tuple[str, str], ...]  # what further columns say, by their names
Finds = Callable[[str], tuple[str, ...] | None]  # the path of the picture that a cell names


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of labels."""

    file: str
    label: str
    given: Split | None = None
    facts: Facts = ()


def rows(table: Table, finds: Finds, *, sorted_already: bool) -> list[Row] | None:
    """Read the lines of a table that names pictures; none when it names no picture.

    None: which of its columns is the class cannot be told. That is guessed from what the columns
    hold only where the pictures are not sorted into folders already; there lines without a class
    say what their further columns hold.
    """
    file = _file_column(table, finds)
    if file is None:
        return []
    first = table[0][file]
    has_header = _plain(first) in _FILE or not finds(first)
    header = [_plain(name) for name in table[0]] if has_header else []
    body = table[1:] if header else table
    part = next((c for c, name in enumerate(header) if name in _SPLIT and c != file), None)
    used = {file, part}
    label = _named_label(header, body, used)
    if label is None and not sorted_already:
        others = [c for c in range(len(table[0])) if c not in used and not _counts(header, c)]
        if header and len(others) > 1 and _is_one_hot(body, others):
            return _one_hot(table[0], body, file, part, others)
        label = others[0] if len(others) == 1 and _repeats(body, others[0]) else None
    if label is None and not sorted_already:
        return None
    facts = _fact_columns(header, table[0], body, {file, label, part})
    found = (
        _row(_cell(line, file), _cell(line, label), _cell(line, part), _facts(line, facts))
        for line in body
    )
    return [row for row in found if row and (row.label or (label is None and row.facts))]


def _file_column(table: Table, finds: Finds) -> int | None:
    """Find the column whose cells name the most pictures, whole names before mere stems."""
    sample = table[:: max(1, len(table) // _SAMPLE)]
    scores = [
        (_score({_cell(line, c) for line in sample}, finds), _plain(name) in _FILE, -c)
        for c, name in enumerate(table[0] if table else ())
    ]
    best = max(scores, default=(0, False, 0))
    return -best[2] if best[0] else None


def _score(cells: set[str], finds: Finds) -> int:
    found = ((cell, finds(cell)) for cell in cells)
    return sum(
        1 + (names.key(path[-1]) in names.key(cell)) for cell, path in found if path is not None
    )


def _named_label(header: Sequence[str], body: Table, used: set[int | None]) -> int | None:
    """Find the column that is called a class, one of words before one of numbers."""
    known = [c for c, name in enumerate(header) if name in _LABEL and c not in used]
    words = (c for c in known if not all(_cell(line, c).isdecimal() for line in body))
    return next(words, known[0] if known else None)


def _counts(header: Sequence[str], column: int) -> bool:
    return bool(header) and header[column] in _INDEX


def _repeats(body: Table, column: int) -> bool:
    """Tell classes from measures and names: their values come more than once."""
    values = [_cell(line, column) for line in body]
    return len(set(values)) <= max(2, len(values) // 2)


def _is_one_hot(body: Table, columns: Sequence[int]) -> bool:
    flags = [[_FLAGS.get(_cell(line, c)) for c in columns] for line in body]
    return all(None not in line for line in flags) and 2 * sum(
        line.count(True) == 1 for line in flags
    ) >= len(flags)


def _one_hot(
    header: Sequence[str], body: Table, file: int, part: int | None, columns: Sequence[int]
) -> list[Row]:
    """Read a column for each class; a picture of several classes has a row of each."""
    found = (
        _row(_cell(line, file), header[c], _cell(line, part))
        for line in body
        for c in columns
        if _FLAGS[_cell(line, c)]
    )
    return [row for row in found if row and row.label]


def _fact_columns(
    header: Sequence[str], names_: Sequence[str], body: Table, used: set[int | None]
) -> list[tuple[str, int]]:
    """Find further columns with a name whose values come again: a patient, a camera, a day."""
    found: dict[str, int] = {}
    for column in range(len(header)):
        name = names.clean(names_[column])[:_MAX_CELL]
        if column not in used and name and name not in found and _tells_groups(body, column):
            found[name] = column
        if len(found) == _MAX_FACTS:
            break
    return list(found.items())


def _tells_groups(body: Table, column: int) -> bool:
    values = [value for line in body if (value := _cell(line, column))]
    return 1 < len(set(values)) < len(values)


def _facts(line: Sequence[str], columns: Sequence[tuple[str, int]]) -> Facts:
    cells = ((name, names.clean(_cell(line, column))[:_MAX_CELL]) for name, column in columns)
    return tuple((name, cell) for name, cell in cells if cell)


def _plain(name: str) -> str:
    return names.key(name.strip()).replace(" ", "_").replace("-", "_")


def _cell(line: Sequence[str], column: int | None) -> str:
    return line[column].strip() if column is not None and column < len(line) else ""


def _row(file: str, label: str, part: str, facts: Facts = ()) -> Row | None:
    shown = names.clean(label)[: names.MAX_NAME]
    return Row(file, shown, parts.part_of(part), facts) if file else None
