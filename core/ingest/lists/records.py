"""What lists of labels say: lines of a table, and what a line says of an image."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.records import Split

Parts = tuple[str, ...]
Facts = tuple[tuple[str, str], ...]  # what further columns say, by their names

MAX_LINES = 500_000
MAX_COLUMNS = 3_000
BETWEEN = "|"  # the labels of one cell, where a program wrote them as a list


@dataclass(frozen=True, slots=True)
class Box:
    """What a box, an outline or a mask in an image shows."""

    label: str
    area: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of cells; the first may be a header."""

    lines: Sequence[Sequence[str]]
    boxes: Sequence[tuple[Box, ...]] = ()  # of each line, the first included; or none at all
    given: Split | None = None  # the part of the split that the whole table is of
    named: bool = True  # its columns have the names that its author gave them


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of labels."""

    file: str
    label: str
    given: Split | None = None
    facts: Facts = ()
    boxes: tuple[Box, ...] = ()


def area_of(points: Iterable[Sequence[object]]) -> float:
    """Give the area of the rectangle around points; 0 where they are none."""
    found = [(x, y) for x, y in map(_point, points) if x is not None and y is not None]
    if not found:
        return 0.0
    xs, ys = [x for x, _ in found], [y for _, y in found]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def _point(point: Sequence[object]) -> tuple[float | None, float | None]:
    return (number(point[0]), number(point[1])) if len(point) == 2 else (None, None)


def number(cell: object) -> float | None:
    """Read a number, also one with a decimal comma; None for anything else."""
    try:
        value = float(str(cell).strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
