"""Photos that the teacher accepts: read by the ingest, as a data set or a new version of it."""

import shutil
from collections.abc import Collection as Keys
from dataclasses import replace

from core import files, locks, trash
from core.classroom import collecting
from core.classroom.collecting import WaitingPhoto
from core.classroom.folder import TEACHER, ClassFolder
from core.errors import UserError
from core.ingest import progress, requests
from core.ingest.archives.sources import NAMES, UploadedFile
from core.records import IngestStage, IngestState
from core.records.classroom import ActKind, Collection
from core.records.imports import Options
from core.words import say

_GOING = (IngestStage.RECEIVING, *progress.AT_WORK)


def accept(room: ClassFolder, token: str, keys: Keys[str]) -> Collection:
    """Have photos read, all of a contributor as one group of the split; give the collection.

    Raises `UserError` where others are being read, or none is named.
    """
    ws, title = room.teacher, settle(room, token)[0].title
    ingest_id = requests.begin(ws, title)
    try:
        collection, chosen = _claim(room, token, ingest_id, keys)
        options = _stage(room, collection, ingest_id, chosen)
        requests.start(ws, ingest_id, name=title, options=options, watched=False)
    except BaseException as error:  # then the next look has them wait again
        requests.discard(ws, ingest_id)
        if isinstance(error, OSError):
            raise progress.system(error) from error
        raise
    collecting.write_down(room, TEACHER, ActKind.ACCEPT, collection)
    return collection


def _claim(
    room: ClassFolder, token: str, ingest_id: str, keys: Keys[str]
) -> tuple[Collection, list[WaitingPhoto]]:
    """Take photos that wait for one import, and say so in the same moment in which nobody is
    removed. Raises `UserError` where others are being read, or none of these waits.
    """
    folder = room.collection(token)
    with locks.hold_where_possible(folder.lock):
        known = collecting.unread(files.read_record(folder.record, Collection))
        chosen = [one for one in collecting.waiting(room, known) if one.key in keys]
        if not chosen:
            raise UserError(
                say("No photo was chosen."),
                expected=say("At least one that waits."),
                mend=say("Choose some."),
            )
        claimed = tuple(one.key for one in chosen)
        taken = replace(known, ingest_id=ingest_id, under_way=claimed)
        files.write_record(folder.record, taken)
    return taken, chosen


def _stage(
    room: ClassFolder, collection: Collection, ingest_id: str, chosen: list[WaitingPhoto]
) -> Options:
    """Write photos as an upload would, in a folder for each contributor."""
    incoming = room.teacher.ingest(ingest_id).incoming
    rows, labels = list[UploadedFile](), dict[str, str]()
    for number, one in enumerate(chosen):
        row = UploadedFile(file=one.key, stored=f"{number:06d}")
        trash.make_room(incoming, one.path.stat().st_size)
        shutil.copyfile(one.path, incoming / row.stored)
        labels[row.file] = one.label
        rows.append(row)
    files.write_records(incoming / NAMES, rows)
    is_there = bool(collection.dataset_id)
    return Options(
        dataset_id=collection.dataset_id if is_there else "",
        labels=tuple(labels.items()),
        group_by="folder" if collection.classes else "none",
    )


def settle(room: ClassFolder, token: str) -> tuple[Collection, IngestState | None]:
    """See how the reading stands: photos that were read wait no more, others wait again.

    Also gives how it ended, once, or how it stands. Raises `UserError` for no collection.
    """
    collection = collecting.of_token(room, token)
    if collection is None:
        raise UserError(
            say("There is no such collection."),
            expected=say("One that was begun on this page."),
            mend=say("Choose one from the list."),
        )
    state = None
    if collection.ingest_id:
        state = _state(room, collection.ingest_id)
        if state is None or state.stage not in _GOING:
            collection = _ended(room, collection, state)
    ws = room.teacher
    if collection.dataset_id and not ws.dataset(collection.dataset_id).record.exists():
        collection = collecting.change(room, token, dataset_id="")  # deleted: the next is another
    return collection, state


def _state(room: ClassFolder, ingest_id: str) -> IngestState | None:
    try:
        return requests.state(room.teacher, ingest_id)
    except (OSError, UserError):  # swept away
        return None


def _ended(room: ClassFolder, collection: Collection, state: IngestState | None) -> Collection:
    is_done = state is not None and state.stage is IngestStage.DONE
    if is_done:
        folder = room.collection(collection.token)
        for key in collection.under_way:
            (folder.waiting / key).unlink(missing_ok=True)
    known = state.dataset_id if state and is_done else collection.dataset_id
    return collecting.change(room, collection.token, ingest_id="", under_way=(), dataset_id=known)
