"""A workspace is its owner's alone: folders 700, files 600, whichever process of Thaw writes them.

What a user asks for elsewhere (an export, the sample, weights) keeps the user's own umask.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OTHERS = 0o077
_USERS = "THAW_USERS_UMASK"  # octal: what it was before; the processes started from here inherit it
_FOLDERS = (
    "datasets",
    "runs",
    "studies",
    "lessons",
    "backbones",
    "staging",
    "predictions",
    "cache",
    "locks",
    "sample",
    "trash",
    "classroom",
)
_FILES = (
    "chosen.json",
    "worker.log",
    "secret.key",
    "secret.lock",
    "app.lock",
    "worker.lock",
    "https.crt",
    "https.key",
)
_ENTRIES = frozenset((*_FOLDERS, *_FILES))
_THINGS = ("datasets/*/dataset.json", "runs/*/config.json", "backbones/*/backbone.json")
_MARKS = ("secret.key", "worker.log", *_THINGS, *(f"trash/{thing}" for thing in _THINGS))


def begin() -> int:
    """Keep what this process and its children write for their owner; give the umask before."""
    before = os.umask(_OTHERS)
    os.umask(before | _OTHERS)
    os.environ.setdefault(_USERS, f"{before:o}")
    return before


@contextmanager
def private() -> Iterator[None]:
    """Keep for the owner what is written meanwhile."""
    given = _USERS in os.environ
    before = begin()
    try:
        yield
    finally:
        os.umask(before)
        if not given:
            del os.environ[_USERS]


@contextmanager
def as_user() -> Iterator[None]:
    """Write meanwhile as the user's own programs do; for a short time, as all threads do so."""
    before = os.umask(_users_umask())
    try:
        yield
    finally:
        os.umask(before)


def share(path: Path) -> None:
    """Give a file that lies elsewhere the permissions that the user's own programs would give."""
    path.chmod(0o666 & ~_users_umask())


def _users_umask() -> int:
    asked = os.environ.get(_USERS, "")
    if asked:
        return int(asked, 8)
    before = os.umask(_OTHERS)  # it cannot be read without being set
    os.umask(before)
    return before


def close(root: Path) -> None:
    """Bring a workspace of an earlier version to 700 and 600; only its owner can, others skip it.

    Beside what is ours in a folder, the folder itself stays as it is.
    """
    if os.name == "nt" or not root.is_dir() or root.stat().st_uid != os.geteuid():
        return
    names = os.listdir(root)
    if names and not any(next(root.glob(mark), None) for mark in _MARKS):
        return  # no workspace
    if _ENTRIES.issuperset(name for name in names if not name.endswith(".part")):
        _restrict(root)
        if not _is_closed(root):
            return  # a file system without permissions
    for name in _ENTRIES.intersection(names):
        if not _is_closed(root / name):
            _close_within(root / name)


def _close_within(path: Path) -> None:
    """Close a folder after all that is in it, so that one cut short is closed the next time."""
    for folder, folders, names in os.walk(path, topdown=False):
        for name in (*names, *folders):
            _restrict(Path(folder, name))
    _restrict(path)


def _restrict(path: Path) -> None:
    with suppress(OSError):  # it is gone meanwhile, or another user's
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o7700)


def _is_closed(path: Path) -> bool:
    try:
        return not path.stat().st_mode & _OTHERS
    except FileNotFoundError:  # a lock that was let go meanwhile
        return True
