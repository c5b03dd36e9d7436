"""Which device is there, and where the locks of devices lie."""

import os
from pathlib import Path

import pytest

from core import devices, locks, runs
from core.errors import UserError
from core.runs import executors
from core.workspace import Workspace
from tests import builders


def test_a_user_without_a_name_has_locks_of_its_own(monkeypatch: pytest.MonkeyPatch):
    for name in ("THAW_LOCKS", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2_345_678)  # as in `docker run --user 2345678`

    folder = devices.locks_folder()

    assert folder.name == "thaw-2345678"
    folder.rmdir()


@pytest.mark.parametrize("name", ["TMPDIR", "HOME", "USER", "LOGNAME"])
def test_no_setting_of_a_terminal_moves_the_locks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
):
    monkeypatch.delenv("THAW_LOCKS")
    before = devices.locks_folder()

    monkeypatch.setenv(name, str(tmp_path))

    assert devices.locks_folder() == before


def test_a_place_for_locks_that_cannot_be_used_is_named_before_a_run_is_queued(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ws: Workspace
):
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("THAW_LOCKS", str(tmp_path / "taken"))

    with pytest.raises(UserError, match="THAW_LOCKS"):
        builders.make_run(ws)

    assert runs.ids(ws) == []
    assert not devices.are_busy()


def test_a_device_is_busy_while_a_run_trains_on_it():
    assert not devices.are_busy()

    with locks.hold(devices.device_lock("gpu")):
        assert devices.are_busy()


@pytest.mark.usefixtures("two_gpus")
def test_several_gpus_train_one_run_under_the_locks_of_all(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    gpus = [devices.device_lock(name) for name in ("gpu0", "gpu1")]

    with devices.held() as device:
        assert (device, [locks.is_held(lock) for lock in gpus]) == ("gpu", [True, True])
    assert not devices.are_busy()
    assert devices.gpus_in_turn() == ()


@pytest.mark.usefixtures("two_gpus")
@pytest.mark.parametrize(
    ("shown", "gpus"),
    [(None, ("0", "1")), ("1,0", ("1", "0")), ("1,7,0", ("1",)), ("GPU-8932,1", ("GPU-8932", "1"))],
)
def test_each_gpu_that_is_shown_trains_one_run_where_that_is_chosen(
    monkeypatch: pytest.MonkeyPatch, shown: str | None, gpus: tuple[str, ...]
):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if shown is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", shown)
    monkeypatch.setenv("THAW_GPUS", "each")

    assert devices.gpus_in_turn() == gpus
    assert executors.module() == ("core.cluster.gpus" if len(gpus) > 1 else "core.runs.worker")


def test_another_use_of_gpus_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("THAW_GPUS", "both")

    with pytest.raises(UserError, match="'together' or 'each'"):
        executors.module()
