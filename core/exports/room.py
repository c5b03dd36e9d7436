"""A full disk is told as such, whatever program met it: it is no fault of a model or a network."""

import errno
import os
import re
import shutil
from pathlib import Path

_NO_ROOM = re.compile(  # as Python, NumPy, npm and the system say it
    r"\[Errno (28|122)\]|requested and \d+ written|ENOSPC|No space left|Disk quota exceeded"
)
_LEAST = 2**20  # bytes, with fewer of which nothing is written


def check_left(folder: Path) -> None:
    """Look for a full disk after a program that ended without a word. Raises `OSError`."""
    if shutil.disk_usage(folder).free < _LEAST:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def check_room(said: str, folder: Path) -> None:
    """Look for a full disk in what another program said. Raises `OSError`, of the folder."""
    if _NO_ROOM.search(said):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
