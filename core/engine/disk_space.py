"""Room on the disk: asked for before anything large is written."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from core import files, trash
from core.errors import UserError
from core.words import Message, say


def check_space(folder: Path, num_bytes: int) -> None:
    """Refuse to train where there is not twice the room: the old file stands until the new one.

    What was deleted makes room first. Raises `UserError`.
    """
    need = say("Training needs {need} MB to save its state.", need=num_bytes // 2**19 + 1)
    mend = say("Make room, then try the run again: it goes on from its last whole epoch.")
    _check(folder, 2 * num_bytes, need, mend)


def check_export(folder: Path, num_bytes: int) -> None:
    """Refuse to convert a model where there is no room for it, as above. Raises `UserError`."""
    need = say(
        "To convert the model and try it, {need} MB are needed.", need=num_bytes // 2**20 + 1
    )
    _check(folder, num_bytes, need, say("Make room on the disk, then make the export again."))


def _check(folder: Path, num_bytes: int, need: Message, mend: Message) -> None:
    trash.make_room(folder, num_bytes)
    free = shutil.disk_usage(folder).free
    if free < num_bytes:
        what = say("The disk is nearly full: {free} MB are free.", free=free // 2**20)
        raise UserError(what, expected=need, mend=mend)


def write(path: Path, num_bytes: int, writing: Callable[[], None]) -> None:
    """Write so many bytes where there is room, or where what was deleted makes room.

    Raises `UserError`, or `OSError` where the user's share of the disk is short.
    """
    check_space(path.parent, num_bytes)
    trash.with_room(path, writing, is_full=is_full)


def is_full(error: BaseException) -> bool:
    """Tell whether a library failed because the disk, or the user's share of it, was full.

    TensorFlow calls that an exhausted resource, as it calls a lack of memory; h5py gives the number
    of the error in its text alone.
    """
    if isinstance(error, OSError) and error.errno in files.FULL:
        return True
    said = str(error)
    return any(sign in said for sign in (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT)))
