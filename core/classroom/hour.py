"""What the teacher has set going for the whole class: eyes here, a lesson, data sets for all."""

from dataclasses import replace
from typing import Any

from core import files, locks
from core.classroom import audit, handing
from core.classroom.folder import TEACHER, ClassFolder
from core.errors import UserError
from core.records.classroom import ActKind, ClassHour, Person


def current(room: ClassFolder) -> ClassHour:
    """Read what is set going; nothing, where that is damaged or was never written."""
    try:
        return files.read_record(room.hour, ClassHour)
    except (OSError, UserError):
        return ClassHour()


def pause(room: ClassFolder, *, on: bool) -> None:
    """Have all pupils see one sentence, or let them go on; what trains goes on either way."""
    _change(room, is_paused=on)
    audit.log_in(room, TEACHER, ActKind.PAUSE if on else ActKind.GO_ON)


def give_lesson(room: ClassFolder, lesson: str) -> None:
    """Ask all pupils to do a lesson; empty: none any more."""
    _change(room, lesson=lesson)
    audit.log_in(room, TEACHER, ActKind.LESSON, *([lesson] if lesson else []))


def hand_to_all(room: ClassFolder, dataset_id: str) -> int:
    """Hand a data set out to all, and to all who join later; count who had it not.

    Raises `UserError` where there is none of that id.
    """
    num = handing.hand_out(room, dataset_id)
    before = current(room).dataset_ids
    _change(room, dataset_ids=tuple(dict.fromkeys((*before, dataset_id))))
    return num


def welcome(room: ClassFolder, person: Person) -> None:
    """Give somebody who has just joined what was handed out and is still there."""
    for dataset_id in current(room).dataset_ids:
        if room.teacher.dataset(dataset_id).record.exists():
            handing.give(room, dataset_id, [person])


def _change(room: ClassFolder, **changes: Any) -> None:
    room.path.mkdir(parents=True, exist_ok=True)
    with locks.hold_where_possible(room.people_lock):
        files.write_record(room.hour, replace(current(room), **changes))
