"""What a run trains on: the GPUs of this machine where they work, else its processor.

``python -m core.engine.device`` is the self-test: a convolution and a matrix product, forward and
backward, in a process of its own, since a driver that does not suit may bring a process down.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf

from core import devices, machine
from core.words import Message, say

SELF_TEST_SECONDS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where to train and how."""

    name: str  # for people
    strategy: tf.distribute.Strategy
    policy: str  # Keras' dtype policy: mixed_float16 on a GPU
    note: Message | None = None  # why a GPU that is there is not used

    @property
    def is_gpu(self) -> bool:
        return self.policy != "float32"


def choose() -> Device:
    """Look once, at the start of the process."""
    usable = tf.config.list_physical_devices("GPU")
    reason = refuse(machine.gpus(), len(usable), system=platform.system(), passes=self_test)
    if not usable or reason is not None:
        tf.config.set_visible_devices([], "GPU")
        return Device(
            name=processor(), strategy=tf.distribute.get_strategy(), policy="float32", note=reason
        )
    for gpu in usable:
        tf.config.experimental.set_memory_growth(gpu, True)
    strategy = tf.distribute.MirroredStrategy() if len(usable) > 1 else tf.distribute.get_strategy()
    return Device(name=", ".join(_names(usable)), strategy=strategy, policy="mixed_float16")


def has_gpu() -> bool:
    """Tell whether TensorFlow sees a GPU; one that cannot be used was hidden by `choose`."""
    return bool(tf.config.get_visible_devices("GPU"))


def refuse(
    driver: Sequence[str], num_usable: int, *, system: str, passes: Callable[[], bool]
) -> Message | None:
    """Say why a GPU that the driver names is not used; None where there is none or it works."""
    if not num_usable and not driver:
        return None
    name = ", ".join(driver)
    if not num_usable and machine.is_hidden(len(driver)):
        return devices.said_to_be_hidden(driver)
    if not num_usable and system == "Windows":
        return say(
            "The GPU {name} is not used: TensorFlow has no GPU version for Windows. Run Thaw "
            "inside WSL2 to use it.",
            name=name,
        )
    if not num_usable:
        return say(
            "The GPU {name} is not used: TensorFlow found no CUDA libraries. Install "
            "requirements-gpu.txt to use it.",
            name=name,
        )
    if not passes():
        return say(
            "The GPU {name} is not used: a small convolution failed on it. TensorFlow may not "
            "support this card or its driver; a newer driver may help.",
            name=name,
        )
    return None


def self_test() -> bool:
    """Try the GPU in a process of its own."""
    command = [sys.executable, "-m", "core.engine.device"]
    environment = {**os.environ, "TF_FORCE_GPU_ALLOW_GROWTH": "true"}
    root = Path(__file__).parents[2]
    try:
        tried = subprocess.run(
            command,
            env=environment,
            cwd=root,
            capture_output=True,
            timeout=SELF_TEST_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def work() -> bool:
    """Convolve and multiply on the default device; tell whether the numbers are right."""
    images, kernel = tf.ones((2, 16, 16, 8)), tf.Variable(tf.ones((3, 3, 8, 4)))
    with tf.GradientTape() as tape:
        maps = tf.nn.conv2d(images, kernel, 1, "VALID")
        total = tf.reduce_sum(tf.matmul(tf.reshape(maps, (2, -1)), tf.ones((14 * 14 * 4, 3))))
    gradient = tape.gradient(total, kernel)
    forward = float(total) == 2 * 14 * 14 * 4 * 3 * 72
    return forward and bool(tf.reduce_all(gradient == 2 * 14 * 14 * 3))


def processor() -> str:
    """Name the processor for people."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return f"CPU ({next(models, platform.processor() or platform.machine())})"


def _names(gpus: Sequence[tf.config.PhysicalDevice]) -> list[str]:
    details = (tf.config.experimental.get_device_details(gpu) for gpu in gpus)
    return [str(detail.get("device_name", "GPU")) for detail in details]


if __name__ == "__main__":
    sys.exit(0 if work() else 1)
