"""Where the disk or the user's share of it is short, the trash makes room."""

import errno
from pathlib import Path

import pytest

from core import datasets, files, runs, trash, workspace
from core.engine import disk_space
from core.errors import UserError
from core.ingest import requests
from core.trash import room
from core.workspace import Workspace
from tests import disks
from tests.builders import make_dataset, make_run
from tests.core.ingest.folders import many, put


def fill_trash(ws: Workspace, num: int = 2) -> None:
    """Delete runs, one a second as far as the trash can tell."""
    for place in range(num):
        run_id = make_run(ws)
        runs.delete(ws, run_id)
        path = trash.find(ws, run_id).path
        path.rename(path.with_suffix(f".{int(path.suffix[1:]) - 10 * (num - place)}"))


def test_a_write_over_the_quota_is_tried_again_for_each_thing_in_the_trash(ws: Workspace):
    fill_trash(ws, 3)
    oldest_first = [thing.id for thing in trash.listing(ws)][::-1]
    tried: list[list[str]] = []

    def write() -> str:
        tried.append([thing.id for thing in trash.listing(ws)][::-1])
        if len(tried) < 3:
            raise OSError(errno.EDQUOT, "over quota")
        return "written"

    assert trash.with_room(ws.runs / "x", write) == "written"
    assert tried == [oldest_first, oldest_first[1:], oldest_first[2:]]


def test_where_the_trash_cannot_help_the_error_rises(ws: Workspace, tmp_path: Path):
    fill_trash(ws, 1)

    def fail(number: int) -> None:
        raise OSError(number, "no")

    with pytest.raises(PermissionError):
        trash.with_room(ws.runs / "x", lambda: fail(errno.EACCES))
    assert len(trash.listing(ws)) == 1
    with pytest.raises(OSError, match="no"):
        trash.with_room(ws.runs / "x", lambda: fail(errno.ENOSPC))
    assert not trash.listing(ws)
    with pytest.raises(OSError, match="no"):
        trash.with_room(tmp_path / "elsewhere", lambda: fail(errno.ENOSPC))


def test_only_the_trash_of_the_workspace_around_a_path_makes_room(ws: Workspace, tmp_path: Path):
    fill_trash(ws, 1)
    (tmp_path / "trash").mkdir()  # a user's own

    for path in (ws.runs / "x" / "checkpoints" / "1.npz", ws.staging / "i" / "dataset" / "a" / "b"):
        assert workspace.around(path) == ws
    for path in (ws.root / "chosen.json", tmp_path / "runs.csv", Path("/")):
        assert workspace.around(path) is None


def test_the_trash_goes_before_a_run_is_refused_for_lack_of_space(tmp_path: Path):
    with disks.small(tmp_path / "disk") as disk:
        ws = Workspace(disk / "workspace")
        run_id, other = make_run(ws), make_run(ws)
        files.write_bytes(ws.run(run_id).model, bytes(4 * 2**20))
        runs.delete(ws, run_id)

        disk_space.check_space(ws.run(other).path, 3 * 2**20)

        assert not trash.listing(ws)


def test_where_all_of_the_trash_would_not_be_enough_nothing_of_it_is_lost(ws: Workspace):
    fill_trash(ws)

    with pytest.raises(UserError, match="The disk is nearly full"):
        disk_space.check_space(ws.run(make_run(ws)).path, 2**60)

    assert len(trash.listing(ws)) == 2


def test_where_there_is_room_the_trash_stays(ws: Workspace):
    fill_trash(ws)

    disk_space.check_space(ws.run(make_run(ws)).path, 1)

    assert len(trash.listing(ws)) == 2


def test_an_import_finds_room_where_something_was_deleted(tmp_path: Path):
    with disks.small(tmp_path / "disk") as disk:
        ws = Workspace(disk / "workspace")
        old = make_dataset(ws, num=4)
        files.write_bytes(ws.dataset(old.id).images / "large", bytes(3 * 2**20))
        source = put(tmp_path / "new", *many("a", 30), *many("b", 30))
        with disks.filled(disk, leave=200_000):
            datasets.delete(ws, old.id)

            new = requests.run(ws, requests.begin(ws), source=source)

            assert new.num_images == 60
        assert not trash.listing(ws)


def test_the_spare_room_is_kept_free(tmp_path: Path):
    with disks.small(tmp_path / "disk", megabytes=room.SPARE // 2**20 + 4) as disk:
        ws = Workspace(disk / "workspace")
        fill_trash(ws)

        trash.make_room(ws.runs / "x", 0)
        assert len(trash.listing(ws)) == 2
        trash.make_room(ws.runs / "x", 4 * 2**20)
        assert not trash.listing(ws)
