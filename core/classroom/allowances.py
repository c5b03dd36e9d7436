"""What the teacher lets pupils take, all or one of them, and how that is changed.

What is lowered below what somebody has takes nothing away: there is room again once that is less.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from core import files, locks
from core.classroom import audit, people
from core.classroom.folder import TEACHER, ClassFolder
from core.errors import UserError
from core.records.classroom import ActKind, OwnQuota, Person, Quota
from core.words import mark, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One thing of which so much may be taken."""

    title: str
    sentence: str
    most: int  # more is a slip of the finger
    is_whole: bool = True
    of_one: bool = True  # one pupil may have another than all


LIMITS: Mapping[str, Limit] = {  # the fields of `Quota`
    "gigabytes": Limit(
        title=mark("Gigabytes"),
        sentence=mark("of the disk that each pupil may take, with what is in the trash"),
        most=1_000_000,
        is_whole=False,
    ),
    "datasets": Limit(
        title=mark("Data sets"),
        sentence=mark("that each pupil may bring in; those that were handed out do not count"),
        most=100_000,
    ),
    "images": Limit(
        title=mark("Images of a data set"),
        sentence=mark("that each data set of a pupil may have"),
        most=10_000_000,
    ),
    "queued": Limit(
        title=mark("Trainings that wait"),
        sentence=mark("beside the one of each pupil that runs"),
        most=1_000,
    ),
    "free_gigabytes": Limit(
        title=mark("Gigabytes that stay free"),
        sentence=mark("of the disk, for everybody"),
        most=1_000_000,
        is_whole=False,
        of_one=False,
    ),
}


def of_all(room: ClassFolder) -> Quota:
    """Give what each pupil may take of whom nothing else is said."""
    return people.settings(room).quota


def of_one(room: ClassFolder, person: Person | None) -> Quota:
    """Give what a pupil may take; of who is gone, what all may."""
    own = asdict(person.quota) if person else {}
    return replace(of_all(room), **{name: v for name, v in own.items() if v is not None})


def allow(room: ClassFolder, values: Mapping[str, float]) -> Quota:
    """Change what each pupil may take, in the fields that are named. Raises `UserError`."""
    given: dict[str, Any] = {name: _checked(name, value) for name, value in values.items()}
    people.settings(room)  # the first to ask makes it
    with locks.hold_where_possible(room.people_lock):
        before = people.settings(room)
        after = replace(before, quota=replace(before.quota, **given))
        files.write_record(room.settings, after)
    audit.log_in(room, TEACHER, ActKind.QUOTA)
    return after.quota


def allow_one(room: ClassFolder, person: Person, values: Mapping[str, float | None]) -> Quota:
    """Change what one pupil may take, in the fields that are named; None: as all others.

    Raises `UserError` for what cannot be, and for who is not in the class any more.
    """
    given: dict[str, Any] = {
        name: None if value is None else _checked(name, value) for name, value in values.items()
    }
    if odd := [name for name in given if not LIMITS[name].of_one]:
        raise UserError(
            say("'{name}' is one for the whole class.", name=odd[0]),
            expected=say(
                "One of: {known}.", known=", ".join(n for n in LIMITS if LIMITS[n].of_one)
            ),
            mend=say("Leave the name of the person out."),
        )
    with locks.hold_where_possible(room.people_lock):
        before = people.named(room, person.id)
        after = replace(before, quota=replace(before.quota, **given))
        files.write_record(room.person(person.id), after)
    audit.log_in(room, TEACHER, ActKind.QUOTA, person.id)
    return of_one(room, after)


def as_all(room: ClassFolder, person: Person) -> Quota:
    """Let one pupil take what all others may. Raises `UserError` for who is gone."""
    return allow_one(room, person, asdict(OwnQuota()))


def _checked(name: str, value: float) -> float:
    """Give a number that can be meant. Raises `UserError`."""
    limit = LIMITS[name]
    sound = math.isfinite(value) and 0 <= value <= limit.most
    if not sound or (limit.is_whole and value != int(value)):
        kind = (
            mark("A whole number from 0 to {most}.")
            if limit.is_whole
            else mark("A number from 0 to {most}.")
        )
        raise UserError(
            say("{limit}: {value} cannot be.", limit=say(limit.title), value=f"{value:g}"),
            expected=say(kind, most=limit.most),
            mend=say("Choose another number."),
        )
    return int(value) if limit.is_whole else float(value)
