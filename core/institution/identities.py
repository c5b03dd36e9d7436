"""Who signed in, by issuer and subject: names and addresses change, or pass to others."""

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace

from core import files, locks
from core.classroom.folder import ClassFolder
from core.errors import UserError
from core.institution.records import AddressHolder, Claims, Identity
from core.records.classroom import Bar


def spelt(address: str) -> str:
    """Give an address as all of its spellings are compared: in small letters.

    A sign that only becomes a plain letter that way, as the one for kelvin does, is another one.
    """
    return "".join(
        sign if not sign.isascii() and sign.lower().isascii() else sign.lower()
        for sign in address.strip()
    )


def key_of(claims: Claims) -> str:
    """Give the name under which an identity is kept; no two have the same."""
    return hashlib.sha256(json.dumps([claims.issuer, claims.subject]).encode()).hexdigest()


def find(room: ClassFolder, key: str) -> Identity | None:
    """Give an identity; None for one that never came in."""
    try:
        return files.read_record(room.identity(key), Identity)
    except FileNotFoundError:
        return None


def keep(room: ClassFolder, key: str, identity: Identity) -> Identity:
    """Write an identity down."""
    room.identities.mkdir(parents=True, exist_ok=True)
    files.write_record(room.identity(key), identity)
    return identity


@contextlib.contextmanager
def changing(room: ClassFolder) -> Iterator[None]:
    """Have nobody else change an identity meanwhile."""
    room.path.mkdir(parents=True, exist_ok=True)
    with locks.hold_where_possible(room.identities_lock):
        yield


def count_leave(room: ClassFolder, key: str) -> None:
    """Note that somebody has signed out, so that what was signed before ends."""
    with changing(room):
        known = find(room, key)
        if known is not None:
            keep(room, key, replace(known, leaves=known.leaves + 1))


def holds(room: ClassFolder, address: str, key: str) -> bool:
    """Tell whether an address of a list is that of an identity: the first to come with it has it.

    Addresses are given to others after years; a subject never is.
    """
    path = room.address_holder(hashlib.sha256(address.encode()).hexdigest())
    if not path.exists():
        with changing(room):
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                files.write_record(path, AddressHolder(key=key))
    return files.read_record(path, AddressHolder).key == key


def free(room: ClassFolder, address: str) -> bool:
    """Let an address of a list be that of whoever comes with it next; tell whether it was taken."""
    path = room.address_holder(hashlib.sha256(spelt(address).encode()).hexdigest())
    was_taken = path.exists()
    path.unlink(missing_ok=True)
    return was_taken


def is_barred(room: ClassFolder, key: str) -> bool:
    """Tell whether an identity may not come in, since its person was taken out."""
    return room.barred(key).exists()


def lift_bar(room: ClassFolder, person_id: str) -> bool:
    """Let somebody who was taken out come in again; tell whether there was such a one."""
    found = False
    for path in room.bars.glob("*.json"):
        if _is_of(room, path.stem, person_id):
            path.unlink(missing_ok=True)
            found = True
    return found


def _is_of(room: ClassFolder, key: str, person_id: str) -> bool:
    try:
        return files.read_record(room.barred(key), Bar).person_id == person_id
    except (FileNotFoundError, UserError):  # meanwhile, or damaged: that stays shut
        return False
