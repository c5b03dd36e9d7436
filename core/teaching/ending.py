"""The end of a lesson: all work in one ZIP, which is written as it is sent, and the slate wiped."""

import contextlib
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from core import files, locks
from core.classroom import audit, codes, collecting, handing, people
from core.classroom.folder import TEACHER, ClassFolder
from core.errors import UserError
from core.records.classroom import ActKind
from core.teaching import results
from core.words import say
from core.workspace import Workspace

_WHOLE = ("runs", "studies", "lessons", "predictions", "backbones")  # rooms of a workspace
_PIECE = 2**20  # bytes
_WRONG = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_STAY = ("locks", "embeddings")  # of a cache: what is no network's, or the teacher's own
_DERIVED = (".lock", ".part")


class _Sent(io.RawIOBase):
    """What a ZIP is written to, and taken from piece by piece; it cannot go back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def packed(room: ClassFolder, language: str) -> Iterator[bytes]:
    """Give a ZIP with the results as a table and a folder for each pupil, piece by piece.

    What was handed out is in it once for each who changed it, without its pictures: the teacher
    has these. What is deleted while it is written is left out.
    """
    audit.log_in(room, TEACHER, ActKind.WORK)
    out = _Sent()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # models hardly shrink
        archive.writestr("results.csv", results.table(room, language))
        for folder, ws in _folders(room):
            for path in _files(ws):
                name = f"{folder}/{path.relative_to(ws.root).as_posix()}"
                yield from _add(archive, out, path, name)
    yield out.take()


def _add(archive: zipfile.ZipFile, out: _Sent, path: Path, name: str) -> Iterator[bytes]:
    with contextlib.suppress(FileNotFoundError), path.open("rb") as source:
        info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
        with archive.open(info, "w", force_zip64=True) as target:
            while piece := source.read(_PIECE):
                target.write(piece)
                yield out.take()


def _folders(room: ClassFolder) -> Iterator[tuple[str, Workspace]]:
    """Give each pupil a folder of a name that every system takes, and no two the same."""
    taken = set[str]()
    for person in people.everybody(room):
        name = _WRONG.sub("_", person.nickname).strip(" .") or "_"
        if name.lower() in taken or re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name):
            name = f"{name} {person.id[:6]}"
        taken.add(name.lower())
        yield name, room.workspace(person.id)


def _files(ws: Workspace) -> Iterator[Path]:
    for room in _WHOLE:
        yield from _below(ws.root / room)
    for folder in sorted(ws.datasets.glob("*")):
        handed = handing.is_handed_out(ws, folder.name)
        for path in _below(folder):
            if not (handed and path.suffix in (".png", ".jpg") and path.stat().st_nlink > 1):
                yield path


def _below(folder: Path) -> Iterator[Path]:
    for inside, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if not name.endswith(_DERIVED):
                yield Path(inside, name)


def wipe(room: ClassFolder, typed: str) -> int:
    """Take all pupils out with all work, past the trash, and count them; a new join code is made.

    ``typed``: the join code, so that nobody does it by mistake. Raises `UserError` for another.
    """
    settings = people.settings(room)
    if not codes.same_code(typed, settings.join_code):
        raise UserError(
            say("That is not the join code."),
            expected=say("The join code of this class, {code}.", code=settings.join_code),
            mend=say("Type it as it stands there."),
        )
    with locks.hold_where_possible(room.people_lock):  # first: nobody else comes in
        files.write_record(room.settings, replace(settings, join_code=codes.new_code()))
    known = people.everybody(room)
    for person in known:
        people.remove(room, person, may_return=True)
    people.sweep(room)
    _forget(room)
    audit.log_in(room, TEACHER, ActKind.WIPE)
    return len(known)


def _forget(room: ClassFolder) -> None:
    """Delete what was noted of the lesson: photos that wait, links, and the shared features.

    Who brought photos that are in a data set of the teacher's can still be taken out of it.
    """
    for path in (room.hour, room.first_runs, room.turns):
        path.unlink(missing_ok=True)
    for folder in (room.path / "seen", room.links):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in room.collections.glob("*"):
        known = collecting.of_token(room, folder.name)
        if known and known.dataset_id:
            shutil.rmtree(room.collection(known.token).waiting, ignore_errors=True)
            collecting.change(room, known.token, is_open=False)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    forget_features(room)


def forget_features(room: ClassFolder) -> None:
    """Delete the features of all pictures of a class, which lie together; they are made again."""
    for folder in room.teacher.cache.glob("*"):
        if folder.name not in _STAY and folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
