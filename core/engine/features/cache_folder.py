"""The cache folder: how large it may grow, who may write, and what is removed to make room.

``<cache>/<prefix key>/`` holds a converted network and one folder of rows for each engine and
precision. It is locked while it is written; the folders used longest ago are removed when a new
one needs their room.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from core.models.cache_budget import allowed, size_of

FOR_EVER = -1.0
SHARDS = "shards"  # caches of their own, until they are taken over
_OTHERS = ("locks", "embeddings", SHARDS)  # folders of the cache that are not a network's


@dataclass(frozen=True, slots=True)
class Cache:
    """Where features are kept, and how many bytes they may take."""

    folder: Path
    budget_bytes: int

    @classmethod
    def at(cls, folder: Path, environment: Mapping[str, str] = os.environ) -> "Cache":
        """Take the budget from ``THAW_CACHE_GB``, or 20 GB but at most half of the free disk."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder, allowed(folder, environment))


@contextmanager
def locked(
    cache: Path,
    key: str,
    *,
    waiting: Callable[[], None],
    stop: Callable[[], bool],
    patience: float = FOR_EVER,
) -> Iterator[None]:
    """Hold the lock of a prefix folder: of two runs that need the same rows, one computes them.

    ``waiting`` is called when another run holds it; `Timeout` is raised when ``stop`` ends the
    wait, or after ``patience`` seconds of it.
    """
    lock = _lock(cache, key)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire(timeout=patience, cancel_check=stop, poll_interval=0.2)
    try:
        yield
    finally:
        lock.release()


def _lock(cache: Path, key: str) -> FileLock:
    locks = cache / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    return FileLock(locks / f"{key}.lock")


def make_room(cache: Cache, key: str, need: int, *, beside: Collection[str] = ()) -> bool:
    """Remove what was used longest ago until ``need`` bytes fit; say whether they do.

    The folder ``key`` and those ``beside`` stay.
    """
    sizes = {folder: size_of(folder) for folder in _prefix_folders(cache.folder)}
    own = sum(sizes.pop(cache.folder / name, 0) for name in {key, *beside})
    if own + need > cache.budget_bytes:
        return False
    for folder in sorted(sizes, key=_last_used):
        if own + need + sum(sizes.values()) <= cache.budget_bytes:
            break
        if _try_to_remove(cache.folder, folder):
            del sizes[folder]
    return own + need + sum(sizes.values()) <= cache.budget_bytes


def mark_used(folder: Path) -> None:
    """Remember that a prefix folder was used now."""
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)


def remove(folder: Path) -> None:
    """Take a folder away in one step, then delete it; who has its files open can go on reading."""
    if not folder.exists():
        return
    gone = folder.with_name(f".gone-{secrets.token_hex(4)}")
    folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _prefix_folders(cache: Path) -> list[Path]:
    return [p for p in cache.iterdir() if p.is_dir() and p.name not in _OTHERS]


def _last_used(folder: Path) -> float:
    return folder.stat().st_mtime


def _try_to_remove(cache: Path, folder: Path) -> bool:
    try:
        with _lock(cache, folder.name).acquire(blocking=False):
            remove(folder)
    except (Timeout, OSError):  # in use
        return False
    return True
