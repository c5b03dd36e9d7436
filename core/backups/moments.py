"""One moment of a folder in which others write: its files are linked, then looked at again.

Every file of a workspace is replaced as a whole or only grows. A second name for it therefore
keeps the bytes that it had, whatever is renamed or deleted meanwhile; of one that grows so many
bytes count as it had then. What is copied is what a cut of the power would have left, and every
reader of ours is made for that.
"""

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.backups import contents, refusals

TRIES = 100
_PAUSE = 0.02  # seconds
_RESTLESS = ("progress.json", "map.json")  # stand for themselves, and change all the time


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file as it was at one moment."""

    name: str  # from the root of the workspace, with "/"
    path: Path  # where its bytes are
    size: int
    identity: tuple[int, int]  # that of a file with two names is the same


def hold(root: Path, unit: Path, links: Path | None) -> list[HeldFile]:
    """Hold all files of a unit as they are at one moment; a deleted one has none.

    ``links``: a folder on the same disk; without one, or where the disk has no links, the files
    are read where they are, and `is_same` tells whether that was well. Raises `UserError` where
    the folder never keeps still.
    """
    for _ in range(TRIES):
        before = _listing(unit)
        try:
            held = [_held(root, path, links) for path in before]
        except FileNotFoundError:
            held = []
        if _still(before) == _still(_listing(unit)) and len(held) == len(before):
            return held
        if links:
            shutil.rmtree(links / unit.relative_to(root), ignore_errors=True)
            (links / unit.relative_to(root)).unlink(missing_ok=True)
        time.sleep(_PAUSE)
    raise refusals.restless(unit.name)


def is_same(held: HeldFile) -> bool:
    """Tell whether a file that was held is still the one it was."""
    try:
        now = held.path.stat()
    except FileNotFoundError:
        return False
    return (now.st_dev, now.st_ino) == held.identity and now.st_size >= held.size


def _listing(unit: Path) -> Mapping[Path, int]:
    """Give the files below a folder, or a file itself, with what tells one from its successor."""
    found = {}
    paths = [unit] if unit.is_file() else _below(unit)
    for path in paths:
        try:
            found[path] = path.lstat().st_ino
        except FileNotFoundError:
            continue
    return found


def _below(folder: Path) -> list[Path]:
    return sorted(
        Path(above, name)
        for above, _, names in os.walk(folder)
        for name in names
        if contents.is_kept(name) and not Path(above, name).is_symlink()
    )


def _still(listing: Mapping[Path, int]) -> Mapping[Path, int]:
    return {path: inode for path, inode in listing.items() if path.name not in _RESTLESS}


def _held(root: Path, path: Path, links: Path | None) -> HeldFile:
    name = path.relative_to(root)
    kept = _linked(path, links / name) if links else path
    found = kept.stat()
    identity = (found.st_dev, found.st_ino)
    return HeldFile(name=name.as_posix(), path=kept, size=found.st_size, identity=identity)


def _linked(path: Path, link: Path) -> Path:
    """Give a file a second name; where that cannot be done, its own serves."""
    link.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, link)
    except FileNotFoundError:
        raise
    except OSError:  # a disk without links, or one too many
        return path
    return link
