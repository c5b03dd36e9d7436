"""Who is alive, told by locks that the system frees."""

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import Timeout

from core import locks, runs
from core.errors import UserError
from core.records import TrainConfig
from core.workspace import Workspace

HOLD = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print(flush=True)
sys.stdin.read()
"""


def test_looking_makes_nothing(tmp_path: Path):
    assert not locks.is_held(tmp_path / "lock")
    assert not locks.is_held(tmp_path / "nowhere" / "lock")

    assert not list(tmp_path.iterdir())


def test_a_lock_is_held_as_long_as_its_holder_lives(tmp_path: Path):
    path, pipe = tmp_path / "lock", subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=pipe, stdout=pipe) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        held = locks.is_held(path)
        with pytest.raises(Timeout), locks.hold(path):
            pass
        holder.kill()
        holder.wait()

    assert held
    assert not locks.is_held(path)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_folder_that_cannot_lock_is_named_before_a_run_is_queued(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, number: int
):
    def unable(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", unable)

    with pytest.raises(UserError, match="cannot be locked") as refused:
        runs.create(ws, TrainConfig(dataset_id="d"))

    assert str(ws.root) in str(refused.value)
    assert "THAW_HOME" in str(refused.value)
    assert runs.ids(ws) == []
    assert not list(ws.staged_runs.iterdir())
