"""Data sets that the teacher hands out: everybody has the same images, which lie on the disk once.

A pupil's changes are versions in the pupil's own workspace, and our copies of images are never
written to again, so what was handed out stays as it is for all.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from core import files, locks
from core.classroom import audit, people
from core.classroom.folder import TEACHER, ClassFolder
from core.errors import UserError
from core.records.classroom import ActKind, Person
from core.words import say
from core.workspace import DatasetFolder, Workspace

_STAGED = "handed-"  # how a copy that is being made is called


def hand_out(room: ClassFolder, dataset_id: str, to: Sequence[Person] | None = None) -> int:
    """Hand a data set of the teacher's out to pupils, all if none are named; count who had it not.

    Raises `UserError` where there is none of that id.
    """
    num = give(room, dataset_id, people.everybody(room) if to is None else to)
    audit.log_in(room, TEACHER, ActKind.HAND_OUT, dataset_id, *(person.id for person in to or ()))
    return num


def give(room: ClassFolder, dataset_id: str, to: Sequence[Person]) -> int:
    """Give a data set of the teacher's to pupils, and count who had it not. Raises `UserError`."""
    source = room.teacher.dataset(dataset_id)
    if not source.record.exists():
        raise UserError(
            say("There is no data set called '{dataset}'.", dataset=dataset_id),
            expected=say("A data set of the teacher's own workspace."),
            mend=say("Choose one from the Data page."),
        )
    room.path.mkdir(parents=True, exist_ok=True)
    with locks.hold_where_possible(room.handing_lock):
        return sum(_give(source, room.workspace(person.id), dataset_id) for person in to)


def sweep_cut_off(ws: Workspace) -> None:
    """Delete what a copy that was cut off has left; whoever calls holds the lock of handing out."""
    for left in ws.staging.glob(f"{_STAGED}*"):
        shutil.rmtree(left, ignore_errors=True)


def is_handed_out(ws: Workspace, dataset_id: str) -> bool:
    """Tell whether a data set of a pupil came from the teacher."""
    return _mark(ws.dataset(dataset_id).path).exists()


def own_bytes(path: Path) -> int:
    """Count the bytes of a folder that lie on the disk for it alone."""
    stats = (file.stat() for file in path.rglob("*") if file.is_file())
    return sum(stat.st_size for stat in stats if stat.st_nlink == 1)


def _give(source: DatasetFolder, ws: Workspace, dataset_id: str) -> bool:
    """Give a data set to one pupil in one step; False for who has it already."""
    target = ws.dataset(dataset_id).path
    if target.exists():
        return False
    staged = ws.staging / f"{_STAGED}{secrets.token_hex(4)}"
    staged.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copytree(source.path, staged, copy_function=_copy, ignore=_left_out)
        _mark(staged).touch()
        ws.datasets.mkdir(exist_ok=True)
        os.rename(staged, target)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    files.sync_folder(ws.datasets)
    return True


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Leave the teacher's openings of the test part, and what is being written."""
    return {name for name in names if name == "openings.jsonl" or name.endswith(".part")}


def _copy(source: str, target: str) -> str:
    """Have pictures, which are never written to again, lie on the disk once."""
    if Path(source).suffix in (".png", ".jpg"):
        with contextlib.suppress(OSError):  # another disk, or one without links
            os.link(source, target)
            return target
    return shutil.copyfile(source, target)


def _mark(folder: Path) -> Path:
    return folder / "handed-out"
