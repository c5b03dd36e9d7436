"""What a backup that was killed has left: second names of files, which outlive their deletion."""

import contextlib
import shutil
from pathlib import Path

from core import locks
from core.errors import UserError
from core.workspace import Workspace


def links_of(ws: Workspace) -> Path:
    """Give where a backup holds the files of a workspace as they are at one moment."""
    return ws.staging / "backup"


def lock_of(ws: Workspace) -> Path:
    """Give the lock that a backup holds as long as it works."""
    return ws.staging / "backup.lock"


def sweep(ws: Workspace) -> None:
    """Delete what a killed backup has left; that of one under way goes when it is done."""
    if links_of(ws).exists():
        with contextlib.suppress(OSError, UserError), locks.hold(lock_of(ws)):
            shutil.rmtree(links_of(ws), ignore_errors=True)
