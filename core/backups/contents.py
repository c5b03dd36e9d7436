"""What of a workspace is kept in a backup, in an order in which nothing is missed.

What names another thing comes before it: a run begun meanwhile may be left out, but the data set
of one that is in is in, too. A test sees to it that no folder of a workspace is forgotten here.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from core.classroom import people
from core.classroom.folder import folder_in
from core.workspace import Workspace

CLASS = "classroom"
WORKSPACES = "workspaces"
ROOMS = ("lessons", "predictions", "studies", "runs", "datasets", "backbones")
FILES = ("chosen.json",)
# Made anew where it is missing; locks; what is on its way out; keys: whoever gets hold of a
# backup could sign in as anybody with that of the cookies.
LEFT_OUT = {
    *("cache", "staging", "trash", "locks", "sample", "secret.key", "secret.lock"),
    *("app.lock", "worker.lock", "worker.log", "no_worker.json", "https.crt", "https.key"),
}
LEFT_OUT_OF_CLASS = {
    *("people.lock", "app.lock", "worker.lock", "turns.json", "slots", "seen", "audit.lock"),
    *("handing.lock", "identities.lock"),
    *("serving.lock", "serving.json", "serving.log", WORKSPACES),
}
_PASSING = ("lock", "reserve")  # files in the folder of a run
_NAME = re.compile(r"[^\x00-\x1f\x7f\\:*?\"<>|/\ud800-\udfff]{1,255}")  # on every system


def units(root: Path) -> Iterator[Path]:
    """Give what is kept: each file or folder is one moment of its own."""
    room = folder_in(root)
    if room.path.is_dir():
        kept = (path for path in room.path.iterdir() if path.name not in LEFT_OUT_OF_CLASS)
        yield from sorted(path for path in kept if is_kept(path.name))
    for ws in people.workspaces(room) if room.path.is_dir() else [Workspace(root)]:
        yield from _of_workspace(ws.root)


def _of_workspace(root: Path) -> Iterator[Path]:
    yield from (root / name for name in FILES if (root / name).is_file())
    for name in ROOMS:
        room = root / name
        if name == "lessons" and room.is_dir():
            yield room
        elif room.is_dir():
            yield from sorted(path for path in room.iterdir() if is_kept(path.name))


def is_kept(name: str) -> bool:
    """Tell whether a file is ours, and more than a lock or a write under way."""
    passing = name.startswith(".") or name.endswith((".lock", ".part"))
    return not passing and name not in _PASSING and bool(_NAME.fullmatch(name))


def is_home(parts: tuple[str, ...]) -> bool:
    """Tell whether a folder is that of a pupil."""
    return len(parts) == 3 and parts[:2] == (CLASS, WORKSPACES) and is_kept(parts[2])


def is_allowed(parts: tuple[str, ...]) -> bool:
    """Tell whether a file of that name may stand in a backup."""
    if not all(_NAME.fullmatch(part) and part not in (".", "..") for part in parts):
        return False
    if len(parts) > 3 and parts[:2] == (CLASS, WORKSPACES):
        return is_allowed(parts[3:]) and parts[3] != CLASS
    if parts[0] == CLASS:
        return len(parts) > 1 and parts[1] not in LEFT_OUT_OF_CLASS and is_kept(parts[-1])
    return (parts[0] in ROOMS and len(parts) > 1) or parts in {(name,) for name in FILES}
