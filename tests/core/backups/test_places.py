"""Where a backup and what it brings back come to lie; kills, and a disk that is full."""

import contextlib
import os
import signal
from collections.abc import Callable

import pytest

from core import locks
from core.backups import restoring, writing
from core.classroom import folder, people
from core.errors import UserError
from core.web import access
from core.workspace import Workspace
from tests import disks
from tests.core.backups.conftest import content


def test_a_workspace_with_anything_in_it_is_never_overwritten(full, ws, tmp_path):
    path, _ = writing.back_up(full.root, tmp_path / "all.zip")
    before = content(full.root)

    with pytest.raises(UserError, match="not empty"):
        restoring.restore(path, full.root)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("mine")
    with pytest.raises(UserError, match="not empty"):
        restoring.restore(path, tmp_path / "home")

    assert content(full.root) == before
    assert os.listdir(tmp_path / "home") == ["letter.txt"]


def test_what_a_start_leaves_is_no_hindrance_but_a_running_app_is(full, tmp_path):
    path, _ = writing.back_up(full.root, tmp_path / "all.zip")
    new = Workspace(tmp_path / "new")
    access.secret(new.root)
    people.settings(folder.folder_in(new.root))
    new.runs.mkdir()
    with locks.hold(new.app_lock), pytest.raises(UserError, match="is running"):
        restoring.restore(path, new.root)

    restoring.restore(path, new.root)

    assert content(new.root) == content(full.root)


def test_a_target_that_cannot_be_is_told_and_no_other_file_is_replaced(full, tmp_path):
    (tmp_path / "mine.zip").write_text("photos")
    for out, said in [
        ("mine.zip", "is no backup"),
        ("all.tar", "cannot be written"),
        ("nowhere/all.zip", "cannot be written"),
    ]:
        with pytest.raises(UserError, match=said):
            writing.back_up(full.root, tmp_path / out)
    assert (tmp_path / "mine.zip").read_text() == "photos"

    path, _ = writing.back_up(full.root, tmp_path / "again.zip")
    again, _ = writing.back_up(full.root, path)
    dated, _ = writing.back_up(full.root, tmp_path)
    assert again == path
    assert dated.name.startswith("thaw-")


def test_an_empty_workspace_has_nothing_to_back_up(ws, tmp_path):
    with pytest.raises(UserError, match="There is no workspace"):
        writing.back_up(ws.root, tmp_path / "all.zip")


def killed_at(act: Callable[[Callable[[float], None]], object], number: int) -> bool:
    """Do something in a process that kills itself at a step; tell whether it came so far."""
    child = os.fork()
    if not child:
        left = number

        def step(_: float) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        act(step)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_leaves_the_backup_before_or_none_and_the_next_one_is_whole(full, tmp_path):
    out = tmp_path / "all.zip"
    path, _ = writing.back_up(full.root, out)
    before = path.read_bytes()
    for number in (0, 3, 20, 60):
        assert killed_at(lambda step: writing.back_up(full.root, out, step), number)
        assert path.read_bytes() == before
    assert list(full.staging.glob("backup"))

    writing.back_up(full.root, out)
    for number in (0, 5, 25):
        assert killed_at(lambda step: restoring.restore(out, tmp_path / "new", step), number)
        assert not (tmp_path / "new").exists()
    restoring.restore(out, tmp_path / "new")

    assert content(tmp_path / "new") == content(full.root)
    assert not list(full.staging.glob("backup"))
    assert not list(tmp_path.glob(".*"))


def test_a_full_disk_is_told_and_leaves_nothing_behind(full, tmp_path):
    path, _ = writing.back_up(full.root, tmp_path / "all.zip")
    with disks.small(tmp_path / "disk") as disk:
        with disks.filled(disk, leave=8000):
            with pytest.raises(UserError, match="MB are free"):
                writing.back_up(full.root, disk / "all.zip")
            with pytest.raises(UserError, match="MB are free"):
                restoring.restore(path, disk / "new")
        with contextlib.ExitStack() as late:

            def fill(_: float) -> None:
                late.enter_context(disks.filled(disk, leave=0)) if not list(
                    disk.glob("ballast")
                ) else None

            with pytest.raises(OSError, match="No space left"):
                writing.back_up(full.root, disk / "all.zip", fill)
            late.close()
            with pytest.raises(OSError, match="No space left"):
                restoring.restore(path, disk / "new", fill)
        assert not list(disk.iterdir())
