"""A contributor who wants out: every copy of every photo goes, wherever the class has it."""

import contextlib
from collections.abc import Iterator, Set

from core import datasets, files, locks, trash
from core.classroom import collecting, handing, people
from core.classroom.folder import TEACHER, ClassFolder
from core.datasets import purging, versions
from core.errors import UserError
from core.records import TrainConfig
from core.records.classroom import ActKind, Collection, Contributor
from core.run_results import passing
from core.teaching import accepting, ending
from core.trash import TrashKind, leftovers
from core.workspace import DatasetFolder, RunFolder, Workspace


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
        gone = {collection.dataset_id}
        for ws in people.workspaces(room):
            handing.sweep_cut_off(ws)
            gone |= _purged(ws, giver.code)
        for ws in people.workspaces(room):
            _forget_derived(ws, gone)
    leftovers.sweep(room.teacher)
    ending.forget_features(room)


def _purged(ws: Workspace, code: str) -> set[str]:
    """Take photos out of all data sets of a workspace, and give the ids of those that had some."""

    def is_theirs(file: str) -> bool:
        return code in file.split("/")

    found = set[str]()
    for dataset_id in datasets.ids(ws):
        folder = ws.dataset(dataset_id)
        if purging.has_any(folder, is_theirs):
            with versions.writing(ws, dataset_id):
                purging.purge(folder, is_theirs)
            found.add(dataset_id)
    for thing in trash.listing(ws):
        folder = DatasetFolder(thing.path)
        if thing.kind is TrashKind.DATASET and purging.has_any(folder, is_theirs):
            purging.purge(folder, is_theirs)
            found.add(thing.id)
    return found


def _forget_derived(ws: Workspace, dataset_ids: Set[str]) -> None:
    """Delete what was made of the pictures of data sets, also by runs whose data set is gone."""
    for dataset_id in filter(None, dataset_ids):
        datasets.forget_features(ws, dataset_id)
    for run in _runs(ws):
        with contextlib.suppress(OSError, UserError):  # one without a config has kept nothing
            if files.read_record(run.config, TrainConfig).dataset_id in dataset_ids:
                passing.forget(run)


def _runs(ws: Workspace) -> Iterator[RunFolder]:
    """Give the folders of all runs, those of studies and in the trash, too."""
    homes = [ws.runs, ws.trash / TrashKind.RUN, *ws.studies.glob("*/runs")]
    homes += (ws.trash / TrashKind.STUDY).glob("*/runs")
    yield from (RunFolder(path) for home in homes for path in home.glob("*"))
