"""Locks that the system frees when their holder dies: they say who is alive (see docs/decisions).

Those of a workspace lie in it, so that whoever opens it sees the same ones. On the network, too,
one machine sees what another holds, if the folder can lock at all.
"""

import contextlib
import errno
import secrets
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from core.errors import UserError
from core.words import say

FOR_EVER = -1.0
_CANNOT = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP)


@contextlib.contextmanager
def hold(path: Path, *, patience: float = 0.0) -> Iterator[None]:
    """Hold a lock for the block.

    Raises `filelock.Timeout` (an `OSError`) where somebody else holds it for longer than
    ``patience`` seconds, `UserError` where the folder cannot lock, and `FileNotFoundError` where
    there is none.
    """
    path.parent.stat()  # the library would make a folder that was deleted anew
    lock = FileLock(path, fallback_to_soft=False)  # a soft lock outlives its holder
    try:
        lock.acquire(timeout=patience)
    except OSError as error:
        if error.errno in _CANNOT:
            raise _cannot(path.parent, error) from error
        raise
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def hold_where_possible(path: Path) -> Iterator[None]:
    """Wait for a lock and hold it; where the folder cannot lock, do without."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(UserError):
            stack.enter_context(hold(path, patience=FOR_EVER))
        yield


def check(folder: Path) -> None:
    """Raise `UserError` where a folder cannot lock."""
    path = folder / f".{secrets.token_hex(4)}.lock"
    try:
        with hold(path):
            pass
    finally:
        path.unlink(missing_ok=True)


def is_held(path: Path) -> bool:
    """Tell whether somebody holds a lock; also where nobody may look, so that nothing is taken."""
    try:
        if path.exists():
            with hold(path):
                pass
    except (OSError, UserError):
        return True
    return False


def _cannot(folder: Path, error: OSError) -> UserError:
    return UserError(
        say(
            "Files in the folder {folder} cannot be locked ({reason}).",
            folder=str(folder),
            reason=error.strerror or str(error),
        ),
        expected=say(
            "A lock shows whether a training is still alive; some network drives have none."
        ),
        mend=say("Set THAW_HOME to a folder on a disk of this computer."),
    )
