"""When somebody of a class was last seen: a file that is touched now and then."""

import contextlib
import time

from core.classroom.folder import ClassFolder
from core.records.classroom import Person

EVERY = 15.0  # seconds between two notes
HERE = 60.0  # seconds after which somebody is not here any more: a hidden window asks once a minute


def note(room: ClassFolder, person: Person) -> None:
    """Note that somebody is looking; a full disk is no reason to show nothing."""
    mark = room.seen(person.id)
    if time.time() - last_seen(room, person) < EVERY:
        return
    with contextlib.suppress(OSError):
        mark.parent.mkdir(exist_ok=True)
        mark.touch()


def last_seen(room: ClassFolder, person: Person) -> float:
    """Give when somebody was seen, in seconds since the epoch; at the earliest, when joining."""
    try:
        return max(room.seen(person.id).stat().st_mtime, person.joined_at)
    except OSError:
        return person.joined_at


def is_here(room: ClassFolder, person: Person) -> bool:
    """Tell whether somebody has a window open."""
    return time.time() - last_seen(room, person) < HERE
