"""A contributor who wants out: every copy of every photo goes, wherever the class has it."""

from core import datasets, trash
from core.classroom import collecting, people
from core.classroom.folder import TEACHER, ClassFolder
from core.datasets import purging, versions
from core.errors import UserError
from core.records.classroom import ActKind, Collection, Contributor
from core.teaching import accepting, ending
from core.trash import TrashKind
from core.words import say
from core.workspace import DatasetFolder, Workspace


def remove(
    room: ClassFolder, collection: Collection, giver: Contributor, *, by: str = TEACHER
) -> None:
    """Delete a contributor's photos: those that wait, and in every workspace and every trash those
    in data sets, also where these were handed out. Models that learned from them stay.

    ``by``: the person who wants it; empty: the contributor. Raises `UserError` while photos are
    being read.
    """
    if accepting.settle(room, collection.token)[0].ingest_id:
        raise UserError(
            say("Photos of this collection are being read."),
            expected=say("Nobody is removed meanwhile."),
            mend=say("Wait a moment, then try again."),
        )
    collecting.forget(room, collection, giver)  # first: nothing more of theirs comes in
    collecting.write_down(room, by, ActKind.FORGET, collection)
    for ws in people.workspaces(room):
        _purge(ws, giver.code)
    ending.forget_features(room)


def _purge(ws: Workspace, code: str) -> None:
    def is_theirs(file: str) -> bool:
        return code in file.split("/")

    for dataset_id in datasets.ids(ws):
        folder = ws.dataset(dataset_id)
        if purging.has_any(folder, is_theirs):
            with versions.writing(ws, dataset_id):
                purging.purge(folder, is_theirs)
            datasets.forget_features(ws, dataset_id)
    for thing in trash.listing(ws):
        folder = DatasetFolder(thing.path)
        if thing.kind is TrashKind.DATASET and purging.has_any(folder, is_theirs):
            purging.purge(folder, is_theirs)
