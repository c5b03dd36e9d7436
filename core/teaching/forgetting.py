"""A contributor who wants out: every copy of every photo goes, wherever the class has it."""

from core import datasets, locks, trash
from core.classroom import collecting, handing, people
from core.classroom.folder import TEACHER, ClassFolder
from core.datasets import purging, versions
from core.records.classroom import ActKind, Collection, Contributor
from core.teaching import accepting, ending
from core.trash import TrashKind, leftovers
from core.workspace import DatasetFolder, Workspace


def remove(
    room: ClassFolder, collection: Collection, giver: Contributor, *, by: str = TEACHER
) -> None:
    """Delete a contributor's photos: those that wait, and in every workspace and every trash those
    in data sets, also where these were handed out. Models that learned from them stay.

    ``by``: the person who wants it; empty: the contributor. Raises `UserError` while photos are
    being read.
    """
    accepting.settle(room, collection.token)
    collecting.forget(room, collection, giver)  # first: nothing more of theirs comes in
    collecting.write_down(room, by, ActKind.FORGET, collection)
    with locks.hold_where_possible(room.handing_lock):
        for ws in people.workspaces(room):
            handing.sweep_cut_off(ws)
            _purge(ws, giver.code)
    leftovers.sweep(room.teacher)
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
