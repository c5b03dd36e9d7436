"""Who is in a class: they join with a nickname, come back with a code of their own, and leave."""

import contextlib
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import replace

from core import files, given_names, locks, names
from core.classroom import audit, codes, looks
from core.classroom.folder import TEACHER, ClassFolder
from core.errors import UserError
from core.records.classroom import ActKind, Bar, ClassSettings, Person, Role
from core.trash import leftovers
from core.words import nsay, say
from core.workspace import SHARED, Workspace

MOST_PEOPLE = 200
MAX_NICKNAME = 40  # characters
MOST_LEFT = 500  # sign-ins that are remembered as ended
GONE = ".gone"  # of a mark beside the people: this one was removed, nothing else is known
GONE_SECONDS = 86_400  # after which no process works for somebody any more
_TEACHER = Person(id=TEACHER, nickname="", code="", joined_at=0.0, role=Role.TEACHER)
_BLANK = str.maketrans("", "", "\u115f\u1160\u2800\u3164\uffa0")  # letters that show nothing


def settings(room: ClassFolder) -> ClassSettings:
    """Read what is set for a class; the first to ask makes it, with a code to join."""
    if not room.settings.exists():
        room.people.mkdir(parents=True, exist_ok=True)
        with locks.hold_where_possible(room.people_lock):
            if not room.settings.exists():
                files.write_record(room.settings, ClassSettings(join_code=codes.new_code()))
    return files.read_record(room.settings, ClassSettings)


def join(
    room: ClassFolder, nickname: str, *, identity: str = "", most: int | None = None
) -> Person:
    """Take somebody into the class, with a workspace; a nickname that is taken gets a number.

    Who signs in with an account, an ``identity``, needs no code. Raises `UserError` for a nickname
    that shows nothing, and where the class is full: with ``most`` people.
    """
    settings(room)
    shown = _shown(nickname)
    with locks.hold_where_possible(room.people_lock):
        known = everybody(room)
        if len(known) >= (most or MOST_PEOPLE):
            raise _full(len(known), most)
        person = Person(
            id=secrets.token_hex(16),
            nickname=_unused(shown, known),
            code="" if identity else codes.new_code(),
            joined_at=time.time(),
            identity=identity,
        )
        _make_workspace(room, room.workspace(person.id))
        files.write_record(room.person(person.id), person)
    audit.log_in(room, person.id, ActKind.JOIN)
    return person


def _make_workspace(room: ClassFolder, ws: Workspace) -> None:
    """Make a workspace that is its owner's alone, with the features of the class at hand."""
    ws.root.mkdir(parents=True)
    ws.root.chmod(0o700)  # whatever the umask of this process
    ws.cache.mkdir(mode=0o700)
    room.teacher.cache.mkdir(exist_ok=True)
    with contextlib.suppress(OSError, NotImplementedError):  # without links each has their own
        (ws.cache / SHARED).symlink_to(room.teacher.cache, target_is_directory=True)


def _shown(nickname: str) -> str:
    """Bring what was typed into one line that shows; a mark alone is no name."""
    cleaned = names.clean(nickname[:1000]).translate(_BLANK)
    shown = " ".join(cleaned.split())[:MAX_NICKNAME].strip()
    if any(sign.isalnum() or ord(sign) > 0x2000 for sign in looks.of(shown)):
        return shown
    raise UserError(
        say("The nickname was empty."),
        expected=say("A name by which your teacher knows you."),
        mend=say("Type a nickname."),
    )


def _unused(shown: str, known: Iterable[Person]) -> str:
    """Give the nickname, or with a number where one that looks the same is taken."""
    taken = {looks.of(person.nickname) for person in known} | looks.RESERVED
    number, tried = 1, shown
    while looks.of(tried) in taken:
        number += 1
        tried = f"{shown[: MAX_NICKNAME - 4]} {number}"
    return tried


def everybody(room: ClassFolder) -> list[Person]:
    """Give all pupils, in the order in which they joined."""
    found = []
    for path in room.people.glob("*.json"):
        with contextlib.suppress(FileNotFoundError, UserError):  # removed meanwhile, or damaged
            found.append(files.read_record(path, Person))
    return sorted(found, key=lambda person: (person.joined_at, person.id))


def find(room: ClassFolder, person_id: str) -> Person | None:
    """Give the person of an id; None where there is none, or none any more."""
    try:
        return files.read_record(room.person(person_id), Person)
    except (FileNotFoundError, UserError):
        is_teacher = person_id == TEACHER
        return _TEACHER if is_teacher else None


def with_code(room: ClassFolder, given: str) -> Person | None:
    """Give whom a personal code belongs to; all are looked at, so that time tells nothing."""
    found = [person for person in everybody(room) if codes.same_code(given, person.code)]
    return found[0] if found and found[0].code else None


def named(room: ClassFolder, name: str) -> Person:
    """Give the pupil of a nickname or an id. Raises `UserError` where there is none."""
    known = everybody(room)
    key = names.key(given_names.shortened(name))
    for person in known:
        if name == person.id or key == names.key(person.nickname):
            return person
    raise UserError(
        say("Nobody in the class is called '{name}'.", name=name),
        expected=nsay(
            "There is {num} person in it.", "There are {num} people in it.", num=len(known)
        ),
        mend=say("'python -m core people list' gives the names."),
    )


def renew_code(room: ClassFolder, person: Person) -> Person:
    """Give a pupil another code; who came in with the one before is out, in every window."""
    with locks.hold_where_possible(room.people_lock):
        known = find(room, person.id) or person
        renewed = replace(known, code=codes.new_code(), left=(), since=time.time())
        files.write_record(room.person(person.id), renewed)
    audit.log_in(room, person.id, ActKind.CODE)
    return renewed


def leave(room: ClassFolder, person: Person, sign_in: str) -> None:
    """End one sign-in of a person: its cookie admits nobody any more, in no window."""
    with locks.hold_where_possible(room.people_lock):
        known = find(room, person.id)
        if known is not None:
            left = replace(known, left=(*known.left, sign_in))
            if len(left.left) > MOST_LEFT:  # none of them is forgotten
                left = replace(known, left=(), since=time.time())
            files.write_record(room.person(person.id), left)
    audit.log_in(room, person.id, ActKind.LEAVE)


def rename(room: ClassFolder, person: Person, nickname: str) -> Person:
    """Call somebody by another name. Raises `UserError` for one that shows nothing."""
    shown = _shown(nickname)
    with locks.hold_where_possible(room.people_lock):
        others = [other for other in everybody(room) if other.id != person.id]
        known = find(room, person.id)
        if known is None:  # removed meanwhile
            return person
        renamed = replace(known, nickname=_unused(shown, others))
        files.write_record(room.person(person.id), renamed)
    return renamed


def remove(room: ClassFolder, person: Person, *, may_return: bool = False) -> None:
    """Take a pupil out of the class, with all that is in the workspace, past the trash.

    Who signs in with an account stays out, unless ``may_return``.
    """
    if person.identity and not may_return:
        room.bars.mkdir(parents=True, exist_ok=True)
        files.write_record(room.barred(person.identity), Bar(person_id=person.id, at=time.time()))
    with locks.hold_where_possible(room.people_lock):
        room.person(person.id).with_suffix(GONE).touch()
        room.person(person.id).unlink(missing_ok=True)  # first: nobody comes in any more
    if person.identity:
        room.identity(person.identity).unlink(missing_ok=True)  # with the name
    audit.log_in(room, person.id, ActKind.REMOVE)
    sweep(room)


def sweep(room: ClassFolder) -> None:
    """Delete the workspaces of those who were removed, also what a removal that was cut off has
    left, and what a process has made anew that was at work for them.
    """
    homes = room.path / "workspaces"
    for mark in room.people.glob(f"*{GONE}"):
        with contextlib.suppress(OSError):
            if (homes / mark.stem).exists():
                (homes / mark.stem).rename(homes / f".gone-{mark.stem}-{secrets.token_hex(3)}")
            elif time.time() - mark.stat().st_mtime > GONE_SECONDS:
                mark.unlink()
    for left in homes.glob(".gone-*"):
        shutil.rmtree(left, ignore_errors=True)
    leftovers.sweep(room.teacher)


def workspace_of(room: ClassFolder, person: Person) -> Workspace:
    """Give the workspace of a person; the teacher's is the one around the class."""
    return room.teacher if person.role is Role.TEACHER else room.workspace(person.id)


def workspaces(room: ClassFolder) -> list[Workspace]:
    """Give all workspaces of a class, the teacher's first."""
    pupils = sorted(path.stem for path in room.people.glob("*.json"))
    return [room.teacher, *map(room.workspace, pupils)]


def _full(num: int, most: int | None) -> UserError:
    return UserError(
        nsay("The class has {num} person.", "The class has {num} people.", num=num),
        expected=say("There is room for {num}.", num=most or MOST_PEOPLE),
        mend=say("Ask your teacher to take out who is not in the class."),
    )
