"""Which device is used, and what is said when a GPU that is there is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.engine import device

pytestmark = pytest.mark.engine


def refuse(driver: tuple[str, ...], usable: int, system: str = "Linux", passes: bool = True) -> str:
    message = device.refuse(driver, usable, system=system, passes=lambda: passes)
    return "" if message is None else str(message)


def test_without_a_gpu_there_is_nothing_to_say():
    assert refuse((), 0) == ""


def test_a_gpu_that_passes_is_used():
    assert refuse(("NVIDIA T4",), 1) == ""


def test_on_windows_the_way_to_wsl_is_shown():
    said = refuse(("NVIDIA T4",), 0, system="Windows")

    assert "NVIDIA T4 is not used" in said
    assert "WSL2" in said


def test_missing_cuda_libraries_are_named():
    assert "requirements-gpu.txt" in refuse(("NVIDIA T4",), 0)


def test_a_gpu_that_fails_the_self_test_is_not_used():
    assert "a small convolution failed" in refuse(("RTX 5090",), 1, passes=False)


def test_the_arithmetic_of_the_self_test_is_right():
    assert device.work()


def test_the_processor_has_a_name():
    assert device.processor().startswith("CPU (")


def test_the_driver_is_asked_for_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho NVIDIA A100\necho NVIDIA A100\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    assert device.driver_gpus() == ("NVIDIA A100", "NVIDIA A100")


def test_a_hidden_gpu_is_not_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")

    assert device.driver_gpus() == ()


@pytest.mark.slow
def test_the_self_test_runs_in_a_process_of_its_own():
    done = subprocess.run(
        [sys.executable, "-m", "core.engine.device"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
