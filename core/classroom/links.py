"""Links that show a run to whoever has one; nobody guesses them, their maker takes them back."""

import contextlib
import secrets
import time
from dataclasses import replace

from core import files, locks
from core.classroom import audit
from core.classroom.folder import TEACHER, ClassFolder
from core.errors import UserError
from core.records.classroom import ActKind, Person, RunLink
from core.words import nsay, say

MOST_OF_ONE = 100  # links of a person


def make(room: ClassFolder, person: Person, run_id: str) -> RunLink:
    """Give a link to a run of somebody's; one that is there already is given again.

    Raises `UserError` for somebody with very many.
    """
    with locks.hold_where_possible(room.people_lock):  # two presses at once make one link
        return _make(room, person, run_id)


def _make(room: ClassFolder, person: Person, run_id: str) -> RunLink:
    mine = [link for link in _all(room) if link.person_id == person.id]
    for link in mine:
        if link.run_id == run_id and not link.is_revoked:
            return link
    if len(mine) >= MOST_OF_ONE:
        raise UserError(
            nsay("You have made {num} link.", "You have made {num} links.", num=len(mine)),
            expected=say("{num} at most.", num=MOST_OF_ONE),
            mend=say("Export the report of the run instead."),
        )
    made = RunLink(
        token=secrets.token_hex(16), person_id=person.id, run_id=run_id, made_at=time.time()
    )
    room.links.mkdir(parents=True, exist_ok=True)
    files.write_record(room.link(made.token), made)
    audit.log_in(room, person.id, ActKind.SHARE, run_id)  # without the token, which lets in
    return made


def of_run(room: ClassFolder, person: Person, run_id: str) -> RunLink | None:
    """Give the link to a run that is not taken back; None where there is none."""
    mine = (link for link in standing(room) if link.person_id == person.id)
    return next((link for link in mine if link.run_id == run_id), None)


def revoke(room: ClassFolder, person: Person, run_id: str) -> None:
    """Take the link to a run back: from now on it says so."""
    links = [one for one in standing(room) if (one.person_id, one.run_id) == (person.id, run_id)]
    for link in links:
        files.write_record(room.link(link.token), replace(link, is_revoked=True))
    if links:
        audit.log_in(room, person.id, ActKind.UNSHARE, run_id)


def take_back(room: ClassFolder, token: str) -> RunLink:
    """Take a link of anybody's back, as the teacher does. Raises `UserError` for none."""
    link = with_token(room, token)
    if link is None:
        raise UserError(
            say("There is no such link."),
            expected=say("One of those in the list."),
            mend=say("Look at the list again."),
        )
    if not link.is_revoked:
        files.write_record(room.link(token), replace(link, is_revoked=True))
        audit.log_in(room, TEACHER, ActKind.UNSHARE, link.person_id, link.run_id)
    return link


def with_token(room: ClassFolder, token: str) -> RunLink | None:
    """Give the link of a token; None where there never was one."""
    try:
        return files.read_record(room.link(token), RunLink)
    except (OSError, UserError):
        return None


def standing(room: ClassFolder) -> list[RunLink]:
    """Give the links that were not taken back, the newest first."""
    found = (link for link in _all(room) if not link.is_revoked)
    return sorted(found, key=lambda link: (-link.made_at, link.token))


def _all(room: ClassFolder) -> list[RunLink]:
    found = []
    for path in sorted(room.links.glob("*.json")):
        with contextlib.suppress(OSError, UserError):
            found.append(files.read_record(path, RunLink))
    return found
