"""Features computed in shards, each by a process of its own, and taken over by the cache.

A shard is a cache, ``<cache>/shards/<number>-<total>/``, until the run that needs the features has
the lock of the cache itself.
"""

import contextlib
from pathlib import Path

from core.engine.features import cache_folder, rows as stores
from core.engine.features.cache_folder import SHARDS
from core.engine.features.rows import Rows

_BLOCK_ROWS = 512


def place(cache: Path, number: int, total: int) -> Path:
    """Give where a shard keeps its features, in a cache."""
    return cache / SHARDS / f"{number}-{total}"


def adopt(cache: Path, key: str, rows: Rows) -> int:
    """Take over what shards have of a prefix, and count it; the caller holds its lock.

    What was computed by another engine, or in another precision, is left out.
    """
    before = rows.num_rows
    for folder in sorted((cache / SHARDS).glob(f"*/{key}/{rows.folder.name}")):
        with contextlib.suppress(OSError):  # the rows that are missing are computed
            _append(folder, rows)
            cache_folder.remove(folder.parent)
    return rows.num_rows - before


def _append(folder: Path, rows: Rows) -> None:
    if stores.read_layout(folder) != rows.layout:
        return
    keys = list(stores.open_rows(folder, rows.layout, wanted=()).positions)
    shard = stores.open_rows(folder, rows.layout, wanted=set(keys))
    found, keys = shard.array(), list(shard.positions)
    missing = [keys[index] for index in rows.missing(keys)]
    for first in range(0, len(missing), _BLOCK_ROWS):
        block = missing[first : first + _BLOCK_ROWS]
        rows.append(block, found[[shard.positions[key] for key in block]])
