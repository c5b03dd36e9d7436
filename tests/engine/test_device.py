"""Which device is used, and what is said when a GPU that is there is not."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import tensorflow as tf

from core import machine
from core.engine import device
from core.engine.device import Device

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def _nothing_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


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


@pytest.mark.parametrize("value", ["", "-1", "1", "none", "-1,0"])
def test_a_gpu_that_a_variable_hides_is_said_to_be_hidden(
    monkeypatch: pytest.MonkeyPatch, value: str
):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", value)

    assert f"CUDA_VISIBLE_DEVICES={value} hides it" in refuse(("NVIDIA T4",), 0)


@pytest.mark.parametrize("value", ["0", "0,1", "GPU-7d4"])
def test_a_variable_that_shows_the_gpu_is_not_to_blame(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", value)

    assert "requirements-gpu.txt" in refuse(("NVIDIA T4",), 0)


@dataclass
class Machine:
    """GPUs as TensorFlow would name them, and what is asked of TensorFlow."""

    gpus: list[str]
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def put_in_place_of_tensorflow(self, patch: pytest.MonkeyPatch, *, works: bool) -> None:
        patch.setattr(machine, "gpus", lambda: tuple(f"NVIDIA {gpu}" for gpu in self.gpus))
        patch.setattr(device, "self_test", lambda: works)
        config = tf.config
        patch.setattr(config, "list_physical_devices", lambda kind: self.gpus)
        patch.setattr(config, "set_visible_devices", self.note("visible"))
        patch.setattr(config.experimental, "set_memory_growth", self.note("growth"))
        patch.setattr(
            config.experimental, "get_device_details", lambda gpu: {"device_name": gpu.upper()}
        )
        patch.setattr(tf.distribute, "MirroredStrategy", lambda: "mirrored")
        patch.setattr(tf.distribute, "get_strategy", lambda: "one device")

    def note(self, name: str) -> Callable[..., None]:
        return lambda *arguments: self.asked.append((name, *arguments))


def chosen(gpus: list[str], *, works: bool = True) -> tuple[Device, list[tuple[object, ...]]]:
    machine = Machine(gpus)
    with pytest.MonkeyPatch.context() as patch:
        machine.put_in_place_of_tensorflow(patch, works=works)
        return device.choose(), machine.asked


def test_a_gpu_is_used_in_half_precision_and_takes_memory_as_it_needs_it():
    found, asked = chosen(["t4"])

    assert found == Device(name="T4", strategy="one device", policy="mixed_float16")
    assert found.is_gpu
    assert asked == [("growth", "t4", True)]


def test_several_gpus_are_used_together():
    found, asked = chosen(["t4", "a100"])

    assert found == Device(name="T4, A100", strategy="mirrored", policy="mixed_float16")
    assert asked == [("growth", "t4", True), ("growth", "a100", True)]


@pytest.mark.parametrize("gpus", [[], ["t4"]])
def test_without_a_gpu_that_works_the_processor_is_used(gpus: list[str]):
    found, asked = chosen(gpus, works=False)

    assert (found.name, found.policy) == (device.processor(), "float32")
    assert (found.strategy, found.is_gpu) == ("one device", False)
    assert asked == [("visible", [], "GPU")]
    assert (found.note is not None) == bool(gpus)


@pytest.mark.slow
def test_the_self_test_runs_in_a_process_of_its_own():
    done = subprocess.run(
        [sys.executable, "-m", "core.engine.device"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
