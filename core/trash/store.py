"""The trash of a workspace: a thing goes in and out by one rename, so it is here or there, whole.

When it was deleted stands in the name of its folder. What leaves for good is renamed out of the
lists first: one that was cut off half-way is never offered again, and the next one finishes it.
"""

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from core import files, workspace
from core.errors import UserError
from core.models import cache_budget
from core.models.catalog import Backbone
from core.records import Dataset, TrainConfig
from core.records.batches import BatchRequest
from core.records.studies import TITLES, Study
from core.trash import leftovers
from core.words import Message, mark, nsay, say
from core.workspace import BackboneFolder, DatasetFolder, RunFolder, StudyFolder, Workspace

KEEP_SECONDS = 7 * 86_400


class TrashKind(StrEnum):
    """What lies in the trash; the values are the names of the folders there."""

    RUN = "runs"
    DATASET = "datasets"
    STUDY = "studies"
    BATCH = "predictions"
    BACKBONE = "backbones"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trashed:
    """A thing in the trash."""

    kind: TrashKind
    id: str
    deleted_at: int  # seconds since the epoch
    path: Path

    @property
    def goes_at(self) -> int:
        """Give when it is deleted for good."""
        return self.deleted_at + KEEP_SECONDS


def put(ws: Workspace, kind: TrashKind, name: str, *, at: float | None = None) -> Trashed:
    """Move a thing into the trash, as of now; what has lain there for too long goes for good.

    Things with the same moment ``at`` were deleted together.
    """
    expire(ws)
    now = int(time.time() if at is None else at)
    path = ws.trash / kind / f"{name}.{now}"
    _move(_home(ws, kind, name), path)
    return Trashed(kind=kind, id=name, deleted_at=now, path=path)


def restore(ws: Workspace, thing: Trashed) -> None:
    """Put a thing back where it was. Raises `UserError` where that cannot be done."""
    home = _home(ws, thing.kind, thing.id)
    if home.exists():
        raise UserError(
            say("There is something called '{name}' already.", name=thing.id),
            expected=say("What comes out of the trash has the id that it had."),
            mend=say("Delete the other one first."),
        )
    try:
        _move(thing.path, home)
    except FileNotFoundError:
        raise _unknown(ws, thing.id) from None


def find(ws: Workspace, name: str) -> Trashed:
    """Find what was deleted last under an id. Raises `UserError` where there is nothing."""
    found = next((thing for thing in listing(ws) if thing.id == name), None)
    if found is None:
        raise _unknown(ws, name)
    return found


def way_back(ws: Workspace, kind: TrashKind, name: str) -> Message | None:
    """Say how to put back what is missed, where it lies in the trash; None: it does not."""
    if all((thing.kind, thing.id) != (kind, name) for thing in listing(ws)):
        return None
    return say(_WAYS_BACK[kind], name=name)


_WAYS_BACK = {
    TrashKind.RUN: mark(
        "It lies in the trash: put it back on the Runs page, or with 'python -m core trash restore "
        "{name}'."
    ),
    TrashKind.DATASET: mark(
        "It lies in the trash: put it back on the Data page, or with 'python -m core trash restore "
        "{name}'."
    ),
    TrashKind.STUDY: mark(
        "It lies in the trash: put it back on the Runs page, or with 'python -m core trash restore "
        "{name}'."
    ),
    TrashKind.BATCH: mark(
        "It lies in the trash: put it back on the Predict page, or with 'python -m core trash "
        "restore {name}'."
    ),
    TrashKind.BACKBONE: mark("It lies in the trash: 'python -m core trash restore {name}'."),
}


def listing(ws: Workspace) -> list[Trashed]:
    """List what lies in the trash, what was deleted last first."""
    found = [thing for kind in TrashKind for thing in _of_kind(ws, kind)]
    return sorted(found, key=lambda thing: (-thing.deleted_at, thing.id))


def _of_kind(ws: Workspace, kind: TrashKind) -> Iterator[Trashed]:
    with contextlib.suppress(FileNotFoundError):  # nothing was deleted yet
        for name in os.listdir(ws.trash / kind):
            known, _, at = name.rpartition(".")
            if known and at.isdigit():
                path = ws.trash / kind / name
                yield Trashed(kind=kind, id=known, deleted_at=int(at), path=path)


def size_of(thing: Trashed) -> int:
    """Give the bytes that a thing takes; it is counted once, as nothing changes in the trash."""
    return _size_of(thing.path)


@lru_cache(maxsize=4096)
def _size_of(path: Path) -> int:
    return cache_budget.size_of(path)


def name_of(thing: Trashed) -> str | Message:
    """Give what a thing was called; without a name a run by its backbone, a study by its kind."""
    with contextlib.suppress(OSError, UserError):
        if thing.kind is TrashKind.BACKBONE:
            return files.read_record(BackboneFolder(thing.path).facts, Backbone).title
        given = thing.path / "name.txt"
        if given.exists() and (name := given.read_text(encoding="utf-8")):
            return name
        if thing.kind is TrashKind.DATASET:
            return files.read_record(DatasetFolder(thing.path).record, Dataset).name
        if thing.kind is TrashKind.BATCH:
            return files.read_record(thing.path / "request.json", BatchRequest).name
        if thing.kind is TrashKind.STUDY:
            return TITLES[files.read_record(StudyFolder(thing.path).record, Study).kind]
        return files.read_record(RunFolder(thing.path).config, TrainConfig).backbone
    return thing.id


def drop(ws: Workspace, thing: Trashed) -> None:
    """Delete a thing for good, with what was derived of it. Raises `OSError` where that fails."""
    with contextlib.suppress(FileNotFoundError):  # dropped or restored meanwhile
        _move(thing.path, ws.emptied / f"{thing.path.name}-{secrets.token_hex(3)}")
    if thing.kind is TrashKind.RUN:
        shutil.rmtree(workspace.converted(ws.features, thing.id), ignore_errors=True)
    _finish(ws)


def empty(ws: Workspace) -> None:
    """Delete all that lies in the trash for good."""
    for thing in listing(ws):
        drop(ws, thing)
    _finish(ws)


def expire(ws: Workspace) -> None:
    """Delete for good what has lain in the trash for seven days, and what was cut off.

    What the system does not let go is tried again the next time.
    """
    old = time.time() - KEEP_SECONDS
    with contextlib.suppress(OSError):
        for thing in listing(ws):
            if thing.deleted_at <= old:
                drop(ws, thing)
        _finish(ws)


def drop_oldest(ws: Workspace) -> bool:
    """Delete for good what was deleted first; False: the trash is empty."""
    things = listing(ws)
    if things:
        drop(ws, things[-1])
    return bool(things)


def _finish(ws: Workspace) -> None:
    """Delete what is on its way out, also what a process that was killed has left there."""
    for left in ws.emptied.glob("*"):
        while left.exists():
            with contextlib.suppress(FileNotFoundError):  # another process deletes it, too
                shutil.rmtree(left)
    leftovers.sweep(ws)


def _home(ws: Workspace, kind: TrashKind, name: str) -> Path:
    if kind is TrashKind.STUDY:
        return ws.study(name).path
    if kind is TrashKind.BATCH:
        return ws.predictions / workspace.checked_id(name, say("folder of predictions"))
    if kind is TrashKind.BACKBONE:
        return ws.backbone(name).path
    return ws.run(name).path if kind is TrashKind.RUN else ws.dataset(name).path


def _move(source: Path, target: Path) -> None:
    """Move a folder in one step, durably."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.rename(source, target)
    files.sync_folder(target.parent)
    files.sync_folder(source.parent)


def _unknown(ws: Workspace, name: str) -> UserError:
    return UserError(
        say("Nothing called '{name}' lies in the trash.", name=name),
        expected=nsay(
            "There is {num} thing in it.", "There are {num} things in it.", num=len(listing(ws))
        ),
        mend=say("What was deleted more than seven days ago is gone for good."),
    )
