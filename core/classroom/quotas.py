"""What each pupil of a class may take, so that there is enough for all.

One person alone, and the teacher, may take what the machine has.
"""

import shutil
from functools import lru_cache
from pathlib import Path

from core import trash
from core.classroom import allowances, handing, people
from core.classroom.folder import ClassFolder, class_of
from core.errors import UserError
from core.models import cache_budget
from core.records.classroom import Quota
from core.words import nsay, say
from core.workspace import Workspace

MOST_OF_STRANGER = 10**9  # bytes of photos that wait; all of a collection: what a pupil may have
_GIGABYTE = 10**9


def quota_of(ws: Workspace) -> Quota | None:
    """Give what may be taken in a workspace; None where there is no limit."""
    room = class_of(ws)
    return allowances.of_one(room, people.find(room, ws.root.name)) if room else None


def check_room(ws: Workspace, num_bytes: int = 0) -> None:
    """Refuse what has no room. Raises `UserError`."""
    quota = quota_of(ws)
    if quota is None:
        return
    _check_disk(ws, quota, num_bytes)
    if used(ws) + num_bytes > most_bytes(quota):
        raise no_room(used(ws), quota)


def check_disk(ws: Workspace, num_bytes: int = 0) -> None:
    """Refuse what would fill the disk for everybody. Raises `UserError`."""
    if (quota := quota_of(ws)) is not None:
        _check_disk(ws, quota, num_bytes)


def check_floor(room: ClassFolder, num_bytes: int) -> None:
    """Refuse what strangers bring and would fill the disk for everybody. Raises `UserError`."""
    _check_disk(room.teacher, people.settings(room).quota, num_bytes)


def check_waiting(room: ClassFolder, of_one: Path, of_all: Path, num_bytes: int) -> None:
    """Refuse photos of a stranger where very much waits already: of this one, or of all together.

    Raises `UserError`.
    """
    most = int(people.settings(room).quota.gigabytes * _GIGABYTE)
    too_much_of_one = cache_budget.size_of(of_one) + num_bytes > MOST_OF_STRANGER
    if too_much_of_one or cache_budget.size_of(of_all) + num_bytes > most:
        raise UserError(
            say("Very many photos wait already."),
            expected=say("Your teacher looks at them first."),
            mend=say("Wait until some are accepted."),
        )


def num_left(ws: Workspace) -> int | None:
    """Give the bytes that may still be taken; None where there is no limit."""
    quota = quota_of(ws)
    return None if quota is None else max(0, most_bytes(quota) - used(ws))


def check_another_dataset(ws: Workspace) -> None:
    """Refuse one data set more than there may be. Raises `UserError`."""
    quota = quota_of(ws)
    if quota is None:
        return
    num = sum(not handing.is_handed_out(ws, name) for name in _ids(ws.datasets))
    if num >= quota.datasets:
        raise UserError(
            nsay("You have {num} data set.", "You have {num} data sets.", num=num),
            expected=say("In this class you have room for {num}.", num=quota.datasets),
            mend=say("Delete one, or add the images to one that you have."),
        )


def check_images(ws: Workspace, num: int) -> None:
    """Refuse a data set of more images than one may have. Raises `UserError`."""
    quota = quota_of(ws)
    if quota is not None and num > quota.images:
        raise UserError(
            nsay(
                "The data set would have {num} image.",
                "The data set would have {num} images.",
                num=num,
            ),
            expected=say("In this class a data set of yours has {num} at most.", num=quota.images),
            mend=say("Leave some of them out, and bring the others in."),
        )


def check_line(ws: Workspace, num_active: int) -> None:
    """Refuse a training more than may wait or run. Raises `UserError`."""
    quota = quota_of(ws)
    if quota is not None and num_active > quota.queued:
        raise UserError(
            nsay(
                "{num} training of yours waits or runs.",
                "{num} trainings of yours wait or run.",
                num=num_active,
            ),
            expected=say("In this class you have {num} at a time.", num=quota.queued + 1),
            mend=say("Wait until one has ended, or stop one."),
        )


def most_bytes(quota: Quota) -> int:
    """Give how much of the disk may be taken."""
    return int(quota.gigabytes * _GIGABYTE)


def used(ws: Workspace) -> int:
    """Count the bytes of a workspace; pictures that were handed out count for nobody."""
    sizes = [trash.size_of(thing) for thing in trash.listing(ws)]
    sizes += [_size_of_dataset(ws, name) for name in _ids(ws.datasets)]
    others = (ws.runs, ws.studies, ws.predictions, ws.backbones, ws.staging, ws.embeddings)
    return sum(sizes) + sum(map(cache_budget.size_of, others))


def _ids(folder: Path) -> list[str]:
    return [path.parent.name for path in folder.glob("*/dataset.json")]


def _size_of_dataset(ws: Workspace, dataset_id: str) -> int:
    folder = ws.dataset(dataset_id)
    changed = tuple(_changed_at(path) for path in (folder.path, folder.versions))
    return _counted(folder.path, changed, handing.is_handed_out(ws, dataset_id))


@lru_cache(maxsize=4096)
def _counted(path: Path, _changed: tuple[int, ...], is_handed_out: bool) -> int:
    """Count a folder once for each version: thousands of pictures take their time.

    Of what was handed out, only what its pupil has added.
    """
    return handing.own_bytes(path) if is_handed_out else cache_budget.size_of(path)


def _changed_at(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _check_disk(ws: Workspace, quota: Quota, num_bytes: int) -> None:
    free = free_bytes(ws)
    if free - num_bytes < quota.free_gigabytes * _GIGABYTE:
        raise UserError(
            say("The disk has {size} left.", size=cache_budget.size_text(free)),
            expected=say(
                "{size} stay free for everybody.",
                size=cache_budget.size_text(int(quota.free_gigabytes * _GIGABYTE)),
            ),
            mend=say("Ask your teacher to make room on the disk."),
        )


def free_bytes(ws: Workspace) -> int:
    """Count the bytes that are free on the disk of a workspace."""
    return shutil.disk_usage(_existing(ws.root)).free


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


def no_room(num_bytes: int, quota: Quota) -> UserError:
    """Say that a pupil's share of the disk is used up."""
    return UserError(
        say("Your work takes {size}.", size=cache_budget.size_text(num_bytes)),
        expected=say(
            "In this class you have {size}.",
            size=cache_budget.size_text(most_bytes(quota)),
        ),
        mend=say("Delete what you do not need, and empty the trash."),
    )
