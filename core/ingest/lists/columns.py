"""Which columns of a table name the picture, its class, its part of the split, and boxes."""

from collections.abc import Callable, Sequence

from core import names
from core.ingest.layouts import parts
from core.ingest.lists import headers
from core.ingest.lists.pictures import is_file_name
from core.ingest.lists.records import BETWEEN, Box, Facts, Parts, Row, Table, area_of, number

SAMPLE = 200  # lines that are looked at to tell the column of the pictures
LOOKED_AT = 100  # columns that are looked at for the pictures
_MAX_FACTS = 12  # further columns that are kept, each with cells of so many characters:
_MAX_CELL = 80
_FLAGS = {
    **dict.fromkeys(("0", "0.0", "false", "no", "f", ""), False),
    **dict.fromkeys(("1", "1.0", "true", "yes", "t"), True),
}

Finds = Callable[[str], Parts | None]  # the path of the picture that a cell names
Lines = Sequence[Sequence[str]]


class Columns:
    """The columns of a table whose column of pictures is known."""

    def __init__(self, table: Table, finds: Finds, file: int) -> None:
        lines = table.lines
        first = cell_of(lines[0], file)
        is_header = headers.plain(first) in headers.FILE or not (
            finds(first) or is_file_name(first)
        )
        self.names: Sequence[str] = lines[0] if is_header else ()
        self.header = [headers.plain(name) for name in self.names]
        self.body = lines[1:] if is_header else lines
        self.boxes = table.boxes[1:] if is_header else table.boxes
        self.file, self.given = file, table.given
        self.width = max(map(len, self.body[:SAMPLE]), default=0)
        self.part = self._part()
        self.sides = self._sides()

    def _part(self) -> int | None:
        named = (
            c for c, name in enumerate(self.header) if name in headers.SPLIT and c != self.file
        )
        told = (c for c in range(min(self.width, LOOKED_AT)) if c != self.file and self._divides(c))
        return next(named, next(told, None))

    def _divides(self, column: int) -> bool:
        values = {cell_of(line, column) for line in self.body}
        return 1 < len(values) < 9 and all(parts.part_of(value) for value in values)

    def _sides(self) -> list[int]:
        """Find the columns of the sides of boxes; without a header, where a picture has several."""
        for sides in headers.SIDES:
            if sides <= set(self.header):
                return [self.header.index(side) for side in self.header if side in sides]
        files = {cell_of(line, self.file) for line in self.body}
        numbers = [] if self.header or len(files) == len(self.body) else self._numbers()
        return numbers[:4] if len(numbers) >= 4 else []

    def _numbers(self) -> list[int]:
        sample = self.body[:SAMPLE]
        return [
            c
            for c in range(min(self.width, LOOKED_AT))
            if c != self.file and all(number(cell_of(line, c)) is not None for line in sample)
        ]

    def others(self) -> list[int]:
        """Give the columns that are not known; without a header, those that could be a class."""
        used = {self.file, self.part, *self.sides}
        rest = [c for c in range(self.width) if c not in used and not self._counts(c)]
        if self.header or len(rest) < 2:
            return [c for c in rest if self._is_filled(c)]
        return self._without_twins([c for c in rest if _repeats(self.body, c, least=2)])

    def _without_twins(self, columns: Sequence[int]) -> list[int]:
        """Leave out columns that say the same as another, numbers before words."""
        words = sorted(columns, key=lambda c: _is_numeric(self.body, c))
        kept: dict[tuple[int, ...], int] = {}
        for column in words:
            order: dict[str, int] = {}
            pattern = (order.setdefault(cell_of(line, column), len(order)) for line in self.body)
            kept.setdefault(tuple(pattern), column)
        return list(kept.values())

    def label(self, *, guess: bool) -> int | None:
        """Find the column that is called a class, one of words before one of numbers."""
        for known in (
            (headers.LABEL.__contains__, headers.is_weak)
            if guess
            else (headers.LABEL.__contains__,)
        ):
            named = [c for c, name in enumerate(self.header) if known(name) and self._is_free(c)]
            if named:
                return min(named, key=lambda c: (self._says_little(c), _is_numeric(self.body, c)))
        others = self.others() if guess else []
        if len(others) != 1:
            return None
        tells = _repeats(self.body, others[0]) or _is_numeric(self.body, others[0])
        return others[0] if tells else None

    def _is_free(self, column: int) -> bool:
        foretold = headers.is_foretold(self.names[column])
        return column not in (self.file, self.part) and not foretold

    def _says_little(self, column: int) -> bool:
        return len({cell_of(line, column) for line in self.body}) < 2

    def _is_filled(self, column: int) -> bool:
        """Tell a column from one of remarks, of which most are empty."""
        return 2 * sum(bool(cell_of(line, column)) for line in self.body) > len(self.body)

    def _counts(self, column: int) -> bool:
        return bool(self.header) and cell_of(self.header, column) in headers.INDEX

    def rows(self, label: int | None, *, keep_empty: bool = False) -> list[Row]:
        facts = self._fact_columns({label})
        found = (self._row(line, cell_of(line, label), facts) for line in self.body)
        return [row for row in found if row and (row.label or label is None or keep_empty)]

    def _row(
        self,
        line: Sequence[str],
        label: str,
        facts: Sequence[tuple[str, int]],
        boxes: tuple[Box, ...] = (),
    ) -> Row | None:
        file, shown = cell_of(line, self.file), _label(label)
        given = parts.part_of(cell_of(line, self.part)) or self.given
        return Row(file, shown, given, _facts(line, facts), boxes) if file else None

    def flags(self) -> list[int]:
        """Find the columns of zeros and ones, if these are the classes."""
        others = self.others() if self.header else []
        flags = [c for c in others if self._is_flag(c)]
        ones = [sum(_FLAGS[cell_of(line, c).lower()] for c in flags) for line in self.body]
        single = sum(count == 1 for count in ones)
        least = len(ones) / 2 if flags == others else 0.95 * len(ones)
        return flags if len(flags) > 1 and single and single >= least else []

    def _is_flag(self, column: int) -> bool:
        found = {cell_of(line, column).lower() for line in self.body}
        return found <= _FLAGS.keys() and found != {""}

    def one_hot(self, flags: Sequence[int]) -> list[Row]:
        """Read a column for each class; a picture of several classes has a row of each."""
        facts = self._fact_columns(set(flags))
        found = (
            self._row(line, self.names[c], facts)
            for line in self.body
            for c in flags
            if _FLAGS[cell_of(line, c).lower()]
        )
        return [row for row in found if row and row.label]

    def drawn(self) -> list[Row]:
        """Read lines of boxes: each line one, or all of its picture."""
        label = self.label(guess=True)
        facts = self._fact_columns({label, *self.sides})
        found = list[Row | None]()
        for index, line in enumerate(self.body):
            shown = cell_of(line, label)
            box = (Box(_label(shown), self._area(line)),)
            boxes = self.boxes[index] if self.boxes else box if self.sides else ()
            whole = "" if boxes else shown
            found.append(self._row(line, whole, facts, boxes))
        return [row for row in found if row and (row.label or row.boxes)]

    def _area(self, line: Sequence[str]) -> float:
        cells = [cell_of(line, c) for c in self.sides]
        if len(cells) != 4:
            return 0.0
        if {"width", "w", "bbox_width"} & {cell_of(self.header, c) for c in self.sides}:
            return (number(cells[2]) or 0.0) * (number(cells[3]) or 0.0)
        return area_of([cells[:2], cells[2:]])

    def _fact_columns(self, used: set[int | None]) -> list[tuple[str, int]]:
        """Find further columns with a name whose values come again: a patient, a camera, a day."""
        found: dict[str, int] = {}
        for column in range(len(self.header)):
            name = names.clean(self.names[column])[:_MAX_CELL]
            free = column not in used and column not in (self.file, self.part)
            if free and name and name not in found and self._tells_groups(column):
                found[name] = column
            if len(found) == _MAX_FACTS:
                break
        return list(found.items())

    def _tells_groups(self, column: int) -> bool:
        values = [value for line in self.body if (value := cell_of(line, column))]
        return 1 < len(set(values)) < len(values)


def _label(cell: str) -> str:
    """Clean the name of a class; ``['cat', 'dog']`` is a list of two, as Python writes it."""
    if cell.startswith("[") and cell.endswith("]"):
        cell = BETWEEN.join(part.strip(" '\"") for part in cell[1:-1].split(","))
    return names.clean(cell)[: names.MAX_NAME]


def _facts(line: Sequence[str], columns: Sequence[tuple[str, int]]) -> Facts:
    cells = ((name, names.clean(cell_of(line, column))[:_MAX_CELL]) for name, column in columns)
    return tuple((name, cell) for name, cell in cells if cell)


def _repeats(body: Lines, column: int, least: int = 1) -> bool:
    """Tell classes from measures and names: their values come more than once."""
    values = [cell_of(line, column) for line in body]
    return least <= len(set(values)) <= max(2, len(values) // 2)


def _is_numeric(body: Lines, column: int) -> bool:
    return all(number(cell_of(line, column)) is not None for line in body)


def cell_of(line: Sequence[str], column: int | None) -> str:
    return line[column].strip() if column is not None and column < len(line) else ""
