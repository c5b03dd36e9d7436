"""Photos that many bring with their phones: they wait until the teacher accepts them."""

import contextlib
import re
import secrets
import shutil
import string
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core import files, given_names, locks, names
from core.classroom import audit, looks
from core.classroom.folder import TEACHER, ClassFolder
from core.errors import UserError
from core.records.classroom import ActKind, Collection, Contributor
from core.words import nsay, say

MOST_PHOTOS = 300  # of a contributor that wait
MOST_CONTRIBUTORS = 200
MOST_CLASSES = 40
_SUFFIXES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png", b"RIFF": ".webp"}
_PHOTO = re.compile(r"(\d{1,3})-[0-9a-f]{16}\.(jpg|png|webp)")  # the number of its class first


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPhoto:
    """A photo that was not accepted yet."""

    contributor: Contributor
    name: str  # of its file
    label: str
    path: Path

    @property
    def key(self) -> str:
        """Name it among all of a collection."""
        return f"{self.contributor.code}/{self.name}"


def begin(room: ClassFolder, title: str, classes: tuple[str, ...]) -> Collection:
    """Begin to collect; without classes each contributor is one. Raises `UserError`."""
    cleaned = [c for c in map(names.clean, classes) if c]
    shown = tuple({names.key(c): c for c in reversed(cleaned)}.values())[::-1]
    if len(shown) == 1 or len(shown) > MOST_CLASSES:
        raise UserError(
            nsay("There is {num} class.", "There are {num} classes.", num=len(shown)),
            expected=say("2 to {num} classes, or none: then each contributor is one.",
                         num=MOST_CLASSES),
            mend=say("Type one class on each line."),
        )  # fmt: skip
    made = Collection(
        token=secrets.token_hex(16),
        title=given_names.given(title),
        classes=tuple(name[: names.MAX_NAME] for name in shown),
        made_at=time.time(),
    )
    room.collection(made.token).waiting.mkdir(parents=True)
    files.write_record(room.collection(made.token).record, made)
    write_down(room, TEACHER, ActKind.COLLECT, made)
    return made


def of_token(room: ClassFolder, token: str) -> Collection | None:
    """Give the collection of a token; None where there is none."""
    try:
        return files.read_record(room.collection(token).record, Collection)
    except (OSError, UserError):
        return None


def everything(room: ClassFolder) -> list[Collection]:
    """Give all collections, the newest first."""
    found = (of_token(room, path.name) for path in room.collections.glob("*"))
    return sorted((c for c in found if c), key=lambda c: (-c.made_at, c.token))


def change(room: ClassFolder, token: str, **changes: Any) -> Collection:
    """Change what is known of a collection."""
    folder = room.collection(token)
    with locks.hold_where_possible(folder.lock):
        changed = replace(files.read_record(folder.record, Collection), **changes)
        files.write_record(folder.record, changed)
    return changed


def set_open(room: ClassFolder, token: str, *, on: bool) -> None:
    """Have photos be taken from now on, or no more."""
    changed = change(room, token, is_open=on)
    write_down(room, TEACHER, ActKind.COLLECT if on else ActKind.CLOSE, changed)


def write_down(room: ClassFolder, person_id: str, verb: ActKind, collection: Collection) -> None:
    """Write down what somebody does with a collection; its whole token would let others in."""
    audit.log_in(room, person_id, verb, collection.token[:8])


def take_in(room: ClassFolder, collection: Collection, name: str) -> Contributor:
    """Take in somebody who has agreed. Raises `UserError` where there is no name, or no place."""
    if not collection.is_open:
        raise _closed()
    folder = room.collection(collection.token)
    with locks.hold_where_possible(folder.lock):
        known = contributors(room, collection)
        if len(known) >= MOST_CONTRIBUTORS:
            raise _full(len(known))
        taken = {looks.of(one.name) for one in known}
        shown = _unused(given_names.given(name)[:40], taken)
        code = "".join(secrets.choice(string.ascii_lowercase) for _ in range(20))
        made = Contributor(code=code, name=shown, agreed_at=time.time())
        folder.contributors.mkdir(exist_ok=True)
        files.write_record(folder.contributor(code), made)
    write_down(room, "", ActKind.AGREE, collection)
    return made


def _unused(shown: str, taken: set[str]) -> str:
    number, tried = 1, shown
    while looks.of(tried) in taken:
        number += 1
        tried = f"{shown} {number}"
    return tried


def contributors(room: ClassFolder, collection: Collection) -> list[Contributor]:
    """Give all contributors, in the order in which they came."""
    found = []
    for path in room.collection(collection.token).contributors.glob("*.json"):
        with contextlib.suppress(OSError, UserError):  # removed meanwhile
            found.append(files.read_record(path, Contributor))
    return sorted(found, key=lambda one: (one.agreed_at, one.code))


def contributor(room: ClassFolder, collection: Collection, code: str) -> Contributor | None:
    """Give a contributor; None for one who was removed, or never was."""
    try:
        path = room.collection(collection.token).contributor(code)
        return files.read_record(path, Contributor)
    except (OSError, UserError):
        return None


def receive(
    room: ClassFolder, collection: Collection, giver: Contributor, label: str, data: bytes
) -> bool:
    """Keep a photo as it came, until it is accepted; False for what no phone calls a photo.

    It is decoded only when it is accepted, by the same process as every upload. Raises `UserError`
    where the collection is closed, there is no such class, or very many wait. Of somebody who was
    removed meanwhile nothing is left.
    """
    classes = collection.classes or ("",)
    label = label if collection.classes else ""
    if not collection.is_open or label not in classes:
        raise _closed()
    folder = room.collection(collection.token).photos_of(giver.code)
    folder.mkdir(parents=True, exist_ok=True)
    if sum(1 for _ in folder.iterdir()) >= MOST_PHOTOS:
        raise _too_many()
    suffix = next((s for start, s in _SUFFIXES.items() if data.startswith(start)), "")
    if suffix:
        name = f"{classes.index(label)}-{secrets.token_hex(8)}{suffix}"
        files.write_bytes(folder / name, data)
    if contributor(room, collection, giver.code) is None:
        shutil.rmtree(folder, ignore_errors=True)
        return False
    return bool(suffix)


def waiting(room: ClassFolder, collection: Collection) -> list[WaitingPhoto]:
    """Give the photos that wait, contributor by contributor; those under way wait no more."""
    found = []
    for giver in contributors(room, collection):
        folder = room.collection(collection.token).photos_of(giver.code)
        for path in sorted(folder.glob("*.*")):
            known = _PHOTO.fullmatch(path.name)
            if known and f"{giver.code}/{path.name}" not in collection.under_way:
                number = int(known[1])
                label = collection.classes[number] if collection.classes else giver.name
                found.append(
                    WaitingPhoto(contributor=giver, name=path.name, label=label, path=path)
                )
    return found


def photo(room: ClassFolder, token: str, code: str, name: str) -> Path:
    """Give where a photo lies that waits. Raises `UserError` where there is none."""
    path = room.collection(token).photos_of(code) / name
    if not _PHOTO.fullmatch(name) or not path.is_file():
        raise UserError(
            say("There is nothing at this address."),
            expected=say("A photo that waits."),
            mend=say("Load the page again."),
        )
    return path


def refuse(room: ClassFolder, collection: Collection, photos: list[WaitingPhoto]) -> None:
    """Delete photos that are not wanted."""
    for one in photos:
        one.path.unlink(missing_ok=True)
    write_down(room, TEACHER, ActKind.REFUSE, collection)


def forget(room: ClassFolder, collection: Collection, giver: Contributor) -> None:
    """Delete who somebody was, and the photos that wait. Raises `UserError` while some are read."""
    folder = room.collection(collection.token)
    with locks.hold_where_possible(folder.lock):
        unread(files.read_record(folder.record, Collection))
        folder.contributor(giver.code).unlink(missing_ok=True)
        shutil.rmtree(folder.photos_of(giver.code), ignore_errors=True)


def unread(collection: Collection) -> Collection:
    """Give the collection back. Raises `UserError` while photos of it are being read."""
    if collection.ingest_id:
        raise UserError(
            say("Photos of this collection are being read."),
            expected=say("One reading at a time, and nobody is removed meanwhile."),
            mend=say("Wait a moment, then try again."),
        )
    return collection


def _closed() -> UserError:
    return UserError(
        say("No photos are taken any more."),
        expected=say("A collection that is open."),
        mend=say("Ask your teacher."),
    )


def _too_many() -> UserError:
    return UserError(
        say("{num} of your photos wait already.", num=MOST_PHOTOS),
        expected=say("Your teacher looks at them first."),
        mend=say("Wait until some are accepted."),
    )


def _full(num: int) -> UserError:
    return UserError(
        nsay("{num} person brings photos.", "{num} people bring photos.", num=num),
        expected=say("There is room for {num}.", num=MOST_CONTRIBUTORS),
        mend=say("Ask your teacher."),
    )
