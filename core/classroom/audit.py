"""The log of a class: who did what, and when. Ids and words of ours alone, no names and no images.

A nickname is put to an id only where the log is read, so that of somebody who was taken out no
name is left. It is kept for what is done by a person in a class; one person alone has no log.
"""

import contextlib
import os
import time
from collections.abc import Mapping

from core import files, locks
from core.classroom.folder import TEACHER, ClassFolder, class_of, folder_in
from core.records.classroom import Act, Verb
from core.words import mark
from core.workspace import Workspace

MOST_BYTES = 2**20  # of one file
OLDER = 4  # files that are kept beside the one that is written
SENTENCES: Mapping[str, str] = {
    Verb.JOIN: mark("joined the class"),
    Verb.RETURN: mark("came back with a code"),
    Verb.WRONG_CODE: mark("tried a wrong code at the door"),
    Verb.LEAVE: mark("left on one device"),
    Verb.CODE: mark("was given a new code"),
    Verb.REMOVE: mark("was taken out of the class"),
    Verb.IMPORT: mark("brought a data set in"),
    Verb.EDIT: mark("changed a data set"),
    Verb.DELETE: mark("moved something into the trash"),
    Verb.RESTORE: mark("took something out of the trash"),
    Verb.TRAIN: mark("asked for a training"),
    Verb.STUDY: mark("asked for a study"),
    Verb.STOP: mark("stopped a training"),
    Verb.RESUME: mark("resumed a training"),
    Verb.TEST: mark("opened the test part"),
    Verb.PREDICT: mark("had a folder of images predicted"),
    Verb.TAKE: mark("took a model or its code away"),
}


def note(ws: Workspace, verb: Verb, *ids: str) -> None:
    """Write down what is done in a workspace, if it is one of a class."""
    room = class_of(ws)
    if room:
        note_in(room, ws.root.name, verb, *ids)
    elif folder_in(ws.root).settings.exists():
        note_in(folder_in(ws.root), TEACHER, verb, *ids)


def note_in(room: ClassFolder, person_id: str, verb: Verb, *ids: str) -> None:
    """Write down what somebody does; a full disk is no reason to refuse it."""
    with contextlib.suppress(OSError):
        if room.audit.exists() and room.audit.stat().st_size > MOST_BYTES:
            _turn(room)
        act = Act(at=time.time(), person=person_id, verb=verb, ids=ids)
        files.append_record(room.audit, act)


def read(room: ClassFolder) -> tuple[Act, ...]:
    """Give all that is known, the oldest first."""
    parts = [room.older_audit(number) for number in range(OLDER, 0, -1)] + [room.audit]
    return tuple(act for part in parts for act in files.read_records(part, Act))


def _turn(room: ClassFolder) -> None:
    """Begin a new file; the oldest goes."""
    with locks.hold_where_possible(room.audit_lock):
        if room.audit.stat().st_size <= MOST_BYTES:
            return  # another process did it
        for number in range(OLDER, 1, -1):
            with contextlib.suppress(FileNotFoundError):
                os.replace(room.older_audit(number - 1), room.older_audit(number))
        os.replace(room.audit, room.older_audit(1))
