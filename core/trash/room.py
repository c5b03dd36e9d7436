"""Room on the disk: where it is short, what was deleted first goes from the trash at once."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from core import files, workspace
from core.trash import store

T = TypeVar("T")
SPARE = 32 * 2**20  # bytes, for the little files that say how something went


def make_room(path: Path, num_bytes: int) -> None:
    """Empty the trash of the workspace around a path, oldest first, until so many bytes fit.

    Where all of it would not be enough, nothing is lost for nothing.
    """
    ws = workspace.around(path)
    while ws and (short := num_bytes + SPARE - shutil.disk_usage(ws.root).free) > 0:
        held = sum(map(store.size_of, store.listing(ws)))
        if held + SPARE < short or not store.drop_oldest(ws):
            return


def with_room(
    path: Path,
    write: Callable[[], T],
    *,
    num_bytes: int = 0,
    is_full: Callable[[OSError], bool] = lambda error: error.errno in files.FULL,
) -> T:
    """Do what writes at a path, once more for each thing that the trash can make room with.

    The system tells how much of the disk is free, but not how much of the user's share of it.
    """
    make_room(path, num_bytes)
    while True:
        try:
            return write()
        except OSError as error:
            ws = workspace.around(path)
            if not (ws and is_full(error) and store.drop_oldest(ws)):
                raise
