"""Feature rows on disk: memory-mapped, and whole after any crash.

Rows are appended in blocks to ``rows.bin``; a block counts from the moment its line, with a
checksum, stands in ``index.jsonl``.
"""

import os
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core import files
from core.engine.features import cache_folder

_DTYPES = ("float16", "float32")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLayout:
    """What one row is."""

    shape: tuple[int, ...]
    dtype: str  # float16, or float32 where the activations are too large for it

    @property
    def row_bytes(self) -> int:
        return int(np.prod(self.shape)) * np.dtype(self.dtype).itemsize


@dataclass(frozen=True, slots=True)
class _Block:
    first: int
    keys: tuple[str, ...]
    crc: int  # of the keys, then of the data


@dataclass(slots=True)
class Rows:
    """The rows of one engine and precision; ``positions`` finds a row by its key."""

    folder: Path
    layout: RowLayout
    positions: dict[str, int] = field(default_factory=dict)
    num_rows: int = 0
    num_damaged: int = 0  # rows found broken when they were opened, and given up

    @property
    def path(self) -> Path:
        return self.folder / "rows.bin"

    @property
    def index(self) -> Path:
        return self.folder / "index.jsonl"

    def missing(self, keys: Iterable[str]) -> list[int]:
        """Give the indices in ``keys`` of the rows that are not there, each row once."""
        seen: set[str] = set(self.positions)
        indices = []
        for index, key in enumerate(keys):
            if key not in seen:
                indices.append(index)
                seen.add(key)
        return indices

    def append(self, keys: Sequence[str], rows: np.ndarray) -> None:
        """Add rows: first the data, flushed to disk, then the line that makes them count.

        ``rows``: (keys, *features) of any float dtype; they are kept in that of the layout.
        """
        data = np.ascontiguousarray(rows, dtype=self.layout.dtype).tobytes()
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            file.seek(self.num_rows * self.layout.row_bytes)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        block = _Block(self.num_rows, tuple(keys), _crc(keys, data))
        files.append_record(self.index, block)
        self._count(block)

    def array(self) -> np.ndarray:
        """Map all rows: (rows, *shape) of the layout's dtype, read only.

        The pages belong to the file, not to us.
        """
        if not self.num_rows:
            return np.empty((0, *self.layout.shape), self.layout.dtype)
        shape = (self.num_rows, *self.layout.shape)
        return np.memmap(self.path, dtype=self.layout.dtype, mode="r", shape=shape)

    def _count(self, block: _Block) -> None:
        indices = range(block.first, block.first + len(block.keys))
        self.positions.update(zip(block.keys, indices, strict=True))
        self.num_rows = max(self.num_rows, indices.stop)


def begin_rows(folder: Path, layout: RowLayout) -> Rows:
    """Begin an empty folder of rows in place of what lies there."""
    cache_folder.remove(folder)
    folder.mkdir(parents=True)
    files.write_record(folder / "layout.json", layout)
    return Rows(folder, layout)


def open_rows(folder: Path, layout: RowLayout, *, wanted: Collection[str]) -> Rows:
    """Open a folder of rows; blocks cut off, or damaged where wanted, are given up and counted."""
    rows = Rows(folder, layout)
    blocks, num_whole = _blocks(rows.index), _num_whole(rows)
    damaged = [
        block
        for block in blocks
        if block.first + len(block.keys) > num_whole  # mapped with the others, it would fail all
        or (_concerns(block, wanted) and not _is_whole(rows, block))
    ]
    whole = [block for block in blocks if block not in damaged]
    for block in whole:
        rows._count(block)
    if damaged:
        rows.num_damaged = sum(len(block.keys) for block in damaged)
        files.write_records(rows.index, whole)
    return rows


def read_layout(folder: Path) -> RowLayout | None:
    """Read what the rows of a folder are; None when there are none that can be read."""
    try:
        layout = files.read_record(folder / "layout.json", RowLayout)
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return layout if layout.dtype in _DTYPES else None


def _blocks(index: Path) -> list[_Block]:
    """Read the lines that are whole; a torn one is as if its rows had never been written."""
    lines = (line for line in files.read_rows(index) if _is_block(line))
    return [_Block(line["first"], tuple(line["keys"]), line["crc"]) for line in lines]


def _is_block(line: Mapping[str, Any]) -> bool:
    first, keys, crc = (line.get(name) for name in ("first", "keys", "crc"))
    numbers = isinstance(first, int) and first >= 0 and isinstance(crc, int)
    return numbers and isinstance(keys, list) and all(isinstance(key, str) for key in keys)


def _crc(keys: Sequence[str], data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32("\n".join(keys).encode("utf-8")))


def _concerns(block: _Block, wanted: Collection[str]) -> bool:
    return any(key in wanted for key in block.keys)


def _num_whole(rows: Rows) -> int:
    """Count the rows for which the file is long enough."""
    return rows.path.stat().st_size // rows.layout.row_bytes if rows.path.exists() else 0


def _is_whole(rows: Rows, block: _Block) -> bool:
    with rows.path.open("rb") as file:
        file.seek(block.first * rows.layout.row_bytes)
        data = file.read(len(block.keys) * rows.layout.row_bytes)
    return _crc(block.keys, data) == block.crc
