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
from core.records.classroom import Act, ActKind
from core.words import mark
from core.workspace import Workspace

MOST_BYTES = 2**20  # of one file
OLDER = 4  # files that are kept beside the one that is written
SENTENCES: Mapping[str, str] = {
    ActKind.JOIN: mark("joined the class"),
    ActKind.RETURN: mark("came back with a code"),
    ActKind.WRONG_CODE: mark("tried a wrong code at the door"),
    ActKind.LEAVE: mark("left on one device"),
    ActKind.CODE: mark("was given a new code"),
    ActKind.REMOVE: mark("was taken out of the class"),
    ActKind.SIGN_IN: mark("signed in"),
    ActKind.REFUSED: mark("signed in and was not let in"),
    ActKind.ADMIT: mark("may come in again"),
    ActKind.IMPORT: mark("brought a data set in"),
    ActKind.IMPORT_RUN: mark("brought a run in"),
    ActKind.EDIT: mark("changed a data set"),
    ActKind.DELETE: mark("moved something into the trash"),
    ActKind.RESTORE: mark("took something out of the trash"),
    ActKind.TRAIN: mark("asked for a training"),
    ActKind.STUDY: mark("asked for a study"),
    ActKind.STOP: mark("stopped a training"),
    ActKind.RESUME: mark("resumed a training"),
    ActKind.TEST: mark("opened the test part"),
    ActKind.PREDICT: mark("had a folder of images predicted"),
    ActKind.TAKE: mark("took a model or its code away"),
    ActKind.SHARE: mark("made a link to a run"),
    ActKind.UNSHARE: mark("took a link to a run back"),
    ActKind.PAUSE: mark("called for attention"),
    ActKind.GO_ON: mark("let the class go on"),
    ActKind.LESSON: mark("chose the lesson for all"),
    ActKind.HAND_OUT: mark("handed a data set out"),
    ActKind.FIRST: mark("put a training first"),
    ActKind.QUOTA: mark("changed what may be taken"),
    ActKind.COLLECT: mark("opened a collection of photos"),
    ActKind.CLOSE: mark("closed a collection of photos"),
    ActKind.AGREE: mark("agreed to bring photos"),
    ActKind.ACCEPT: mark("accepted photos"),
    ActKind.REFUSE: mark("deleted photos that waited"),
    ActKind.FORGET: mark("had all photos of a contributor removed"),
    ActKind.WORK: mark("downloaded the work of the class"),
    ActKind.WIPE: mark("wiped the class"),
}


def log(ws: Workspace, verb: ActKind, *ids: str, by: str = "") -> None:
    """Write down what is done in a workspace, if it is one of a class.

    ``by``: the person who does it, where that is not whose workspace it is.
    """
    room = class_of(ws)
    if room and by:
        log_in(room, by, verb, ws.root.name, *ids)
    elif room:
        log_in(room, ws.root.name, verb, *ids)
    elif folder_in(ws.root).settings.exists():
        log_in(folder_in(ws.root), TEACHER, verb, *ids)


def log_in(room: ClassFolder, person_id: str, verb: ActKind, *ids: str) -> None:
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
