"""Feature rows on disk: memory-mapped, whole after any crash, within a size budget.

``<cache>/<prefix key>/`` holds the converted network and one folder of rows for each engine and
precision. Rows are appended in blocks to ``rows.bin``; a block counts from the moment its line,
with a checksum, stands in ``index.jsonl``. A prefix folder is locked while it is written, and the
folders used longest ago are removed when a new one needs their room.
"""

import os
import secrets
import shutil
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from core import files
from core.errors import UserError
from core.words import say

_GIGABYTE = 10**9
_MOST = 20 * _GIGABYTE
_SHARE_OF_DISK = 0.5  # of what is free or held by the cache already


@dataclass(frozen=True, slots=True)
class Cache:
    """Where features are kept, and how many bytes they may take."""

    folder: Path
    budget_bytes: int

    @classmethod
    def at(cls, folder: Path, environment: Mapping[str, str] = os.environ) -> "Cache":
        """Take the budget from ``THAW_CACHE_GB``, or 20 GB but at most half of the free disk."""
        folder.mkdir(parents=True, exist_ok=True)
        asked = environment.get("THAW_CACHE_GB", "")
        if asked:
            return cls(folder, _budget_asked(asked))
        free = shutil.disk_usage(folder).free + size_of(folder)
        return cls(folder, min(_MOST, int(free * _SHARE_OF_DISK)))


def _budget_asked(text: str) -> int:
    try:
        gigabytes = float(text)
    except ValueError:
        gigabytes = -1
    if 0 <= gigabytes < 1e6:
        return int(gigabytes * _GIGABYTE)
    raise UserError(
        say("THAW_CACHE_GB was '{text}'.", text=text),
        expected=say("It must be a number of gigabytes, such as 5 or 0.5."),
        mend=say("Set it to a number, or unset it."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
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
    checksum: int


@dataclass(slots=True)
class Rows:
    """The rows of one engine and precision; ``positions`` finds a row by its key."""

    folder: Path
    layout: Layout
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
        """Give the places in ``keys`` of the rows that are not there, each row once."""
        seen: set[str] = set(self.positions)
        places = []
        for place, key in enumerate(keys):
            if key not in seen:
                places.append(place)
                seen.add(key)
        return places

    def append(self, keys: Sequence[str], rows: np.ndarray) -> None:
        """Add rows: first the data, flushed to disk, then the line that makes them count."""
        data = np.ascontiguousarray(rows, dtype=self.layout.dtype).tobytes()
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            file.seek(self.num_rows * self.layout.row_bytes)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        block = _Block(self.num_rows, tuple(keys), zlib.crc32(data))
        files.append_record(self.index, block)
        self._count(block)

    def array(self) -> np.ndarray:
        """Map all rows: (rows, *shape), read only; the pages belong to the file, not to us."""
        if not self.num_rows:
            return np.empty((0, *self.layout.shape), self.layout.dtype)
        shape = (self.num_rows, *self.layout.shape)
        return np.memmap(self.path, dtype=self.layout.dtype, mode="r", shape=shape)

    def _count(self, block: _Block) -> None:
        places = range(block.first, block.first + len(block.keys))
        self.positions.update(zip(block.keys, places, strict=True))
        self.num_rows = max(self.num_rows, places.stop)


def begin_rows(folder: Path, layout: Layout) -> Rows:
    """Begin an empty folder of rows in place of what lies there."""
    remove(folder)
    folder.mkdir(parents=True)
    files.write_record(folder / "layout.json", layout)
    return Rows(folder, layout)


def open_rows(folder: Path, layout: Layout, *, wanted: Collection[str]) -> Rows:
    """Open a folder of rows; damaged blocks that hold a wanted row are given up and counted."""
    rows = Rows(folder, layout)
    blocks = _blocks(rows.index)
    damaged = [block for block in blocks if _concerns(block, wanted) and not _is_whole(rows, block)]
    whole = [block for block in blocks if block not in damaged]
    for block in whole:
        rows._count(block)
    if damaged:
        rows.num_damaged = sum(len(block.keys) for block in damaged)
        files.write_records(rows.index, whole)
    return rows


def read_layout(folder: Path) -> Layout | None:
    """Read what the rows of a folder are; None when there are none that can be read."""
    try:
        return files.read_record(folder / "layout.json", Layout)
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _blocks(index: Path) -> list[_Block]:
    """Read the lines that are whole; a torn one is as if its rows had never been written."""
    lines = (
        line for line in files.read_rows(index) if line.keys() == {"first", "keys", "checksum"}
    )
    return [_Block(line["first"], tuple(line["keys"]), line["checksum"]) for line in lines]


def _concerns(block: _Block, wanted: Collection[str]) -> bool:
    return any(key in wanted for key in block.keys)


def _is_whole(rows: Rows, block: _Block) -> bool:
    length = len(block.keys) * rows.layout.row_bytes
    with rows.path.open("rb") as file:
        file.seek(block.first * rows.layout.row_bytes)
        data = file.read(length)
    return len(data) == length and zlib.crc32(data) == block.checksum


@contextmanager
def held(
    cache: Path, key: str, *, waiting: Callable[[], None], stop: Callable[[], bool]
) -> Iterator[None]:
    """Hold the lock of a prefix folder: of two runs that need the same rows, one computes them.

    ``waiting`` is called when another run holds it; `Timeout` is raised when ``stop`` ends the
    wait.
    """
    lock = _lock(cache, key)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire(cancel_check=stop, poll_interval=0.2)
    try:
        yield
    finally:
        lock.release()


def _lock(cache: Path, key: str) -> FileLock:
    locks = cache / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    return FileLock(locks / f"{key}.lock")


def make_room(cache: Cache, key: str, need: int) -> bool:
    """Remove what was used longest ago until ``need`` bytes fit; say whether they do."""
    held = {folder: size_of(folder) for folder in _prefix_folders(cache.folder)}
    own = held.pop(cache.folder / key, 0)
    if own + need > cache.budget_bytes:
        return False
    for folder in sorted(held, key=_last_used):
        if own + need + sum(held.values()) <= cache.budget_bytes:
            break
        if _try_to_remove(cache.folder, folder):
            del held[folder]
    return own + need + sum(held.values()) <= cache.budget_bytes


def mark_used(folder: Path) -> None:
    """Remember that a prefix folder was used now."""
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)


def size_of(folder: Path) -> int:
    """Count the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def remove(folder: Path) -> None:
    """Take a folder away in one step, then delete it; who has its files open can go on reading."""
    if not folder.exists():
        return
    gone = folder.with_name(f".gone-{secrets.token_hex(4)}")
    folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _prefix_folders(cache: Path) -> list[Path]:
    return [p for p in cache.iterdir() if p.is_dir() and p.name != "locks"]


def _last_used(folder: Path) -> float:
    return folder.stat().st_mtime


def _try_to_remove(cache: Path, folder: Path) -> bool:
    try:
        with _lock(cache, folder.name).acquire(blocking=False):
            remove(folder)
    except (Timeout, OSError):  # in use
        return False
    return True
