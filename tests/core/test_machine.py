"""What a program may use of a machine: GPUs that it sees, processors that it is given."""

import os
from pathlib import Path

import pytest

from core import devices, machine
from core.models import presets, step_times


def test_the_driver_is_asked_for_names(two_gpus: None):
    assert machine.gpus() == ("NVIDIA A100", "NVIDIA A100")


@pytest.mark.parametrize(
    ("shown", "device"),
    [
        (None, "gpu"),
        ("1", "gpu"),
        ("1,7", "gpu"),
        ("GPU-8932f937", "gpu"),
        ("", "cpu"),
        ("-1", "cpu"),
        ("2", "cpu"),
        ("7,1", "cpu"),
    ],
)
def test_a_gpu_that_is_hidden_is_not_trained_on(
    two_gpus: None, monkeypatch: pytest.MonkeyPatch, shown: str | None, device: str
):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if shown is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", shown)

    assert devices.training_device() == device
    assert machine.has_gpu() is (device == "gpu")


def test_a_driver_that_fails_names_no_gpu_and_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho Driver/library version mismatch\nexit 18\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    before = machine.gpus()
    program.write_text("#!/bin/sh\necho NVIDIA T4\n")

    assert (before, machine.gpus()) == ((), ("NVIDIA T4",))


def test_an_estimate_asks_for_the_gpu_as_training_does(
    two_gpus: None, monkeypatch: pytest.MonkeyPatch
):
    config = presets.configure("colours", backbone="MobileNetV2")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2")  # which is not there: the two are 0 and 1
    without = step_times.seconds(config, 100, 20)[step_times.FEATURES]

    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")

    assert step_times.seconds(config, 100, 20)[step_times.FEATURES] < without


class Groups:
    """Files as Linux shows a process the control groups it is in."""

    def __init__(self, tmp_path: Path, *, version: int, root: str = "/", path: str = "/") -> None:
        self.proc, self.top = tmp_path / "proc", tmp_path / "cgroup"
        self.proc.mkdir()
        self.top.mkdir()
        kind, options, name = ("cgroup2", "rw", "") if version == 2 else ("cgroup", "rw,cpu", "cpu")
        mounts = (
            f"1 0 0:1 / / rw - ext4 /dev/sda rw\n2 1 0:2 {root} {self.top} rw - {kind} c {options}"
        )
        (self.proc / "mountinfo").write_text(mounts + "\n")
        (self.proc / "cgroup").write_text(f"3:memory:/elsewhere\n4:{name}:{path}\n")

    def limit(self, inside: str, quota: str, period: str = "100000") -> None:
        folder = self.top / inside
        folder.mkdir(parents=True, exist_ok=True)
        if "cgroup2" in (self.proc / "mountinfo").read_text():
            (folder / "cpu.max").write_text(f"{quota} {period}\n")
        else:
            (folder / "cpu.cfs_quota_us").write_text(f"{quota}\n")
            (folder / "cpu.cfs_period_us").write_text(f"{period}\n")


@pytest.fixture
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("quota", "processors"),
    [("200000", 2), ("150000", 2), ("20000", 1), ("1600000", 8), ("-1", 8), ("max", 8)],
)
def test_a_control_group_limits_the_processors(
    tmp_path: Path, eight: None, version: int, quota: str, processors: int
):
    groups = Groups(tmp_path, version=version, path="/job")

    groups.limit("job", quota)

    assert machine.num_processors(groups.proc) == processors


@pytest.mark.parametrize("version", [1, 2])
def test_a_group_has_no_more_than_those_above_it(tmp_path: Path, eight: None, version: int):
    groups = Groups(tmp_path, version=version, path="/user/session/job")

    groups.limit("user", "300000")
    groups.limit("user/session", "-1")
    groups.limit("user/session/job", "500000")

    assert machine.num_processors(groups.proc) == 3


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("root", "path"),
    [
        ("/docker/1f", "/docker/1f"),  # a container: its own group is what is mounted
        ("/", "/docker/1f"),  # a path of the machine outside, which is not mounted here
        ("/docker/1f", "/docker/2e"),
        ("/", "/"),
    ],
)
def test_in_a_container_the_top_of_what_is_mounted_counts(
    tmp_path: Path, eight: None, version: int, root: str, path: str
):
    groups = Groups(tmp_path, version=version, root=root, path=path)

    groups.limit("", "400000")

    assert machine.num_processors(groups.proc) == 4


def test_without_control_groups_the_processors_it_is_bound_to_count(tmp_path: Path, eight: None):
    assert machine.num_processors(tmp_path) == 8


def test_a_system_that_binds_no_process_counts_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)

    assert machine.num_processors(tmp_path) == 1
