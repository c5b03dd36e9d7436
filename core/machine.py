"""What this machine computes with: its GPUs, and how many processors this process may use.

The standard library only: ``run.py`` asks before anything is installed. What TensorFlow can use of
it is the engine's own question (`core.engine.device`).
"""

from __future__ import annotations

import math
import os
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from shutil import which


def has_gpu() -> bool:
    """Tell whether an NVIDIA driver has a GPU that a program of this process may see."""
    names = gpus()
    return bool(names) and not is_hidden(len(names))


def gpus() -> tuple[str, ...]:
    """Give the names of the GPUs that NVIDIA's driver knows, hidden ones too."""
    program = which("nvidia-smi")
    try:
        return _names(program) if program else ()
    except (OSError, subprocess.SubprocessError):
        return ()


@lru_cache(maxsize=1)
def _names(program: str) -> tuple[str, ...]:
    """Ask the driver, which takes up to a second, once; an answer that failed is not kept."""
    command = [program, "--query-gpu=name", "--format=csv,noheader"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    return tuple(line.strip() for line in found.stdout.splitlines() if line.strip())


def is_hidden(num_gpus: int) -> bool:
    """Tell whether ``CUDA_VISIBLE_DEVICES`` lets a program see none of so many GPUs.

    CUDA reads it up to the first entry that names no device (CUDA C++ Programming Guide,
    "CUDA Environment Variables"). One named by its UUID is taken to be there.
    """
    return "CUDA_VISIBLE_DEVICES" in os.environ and not _shown(num_gpus)


def shown_gpus() -> tuple[str, ...]:
    """Give the GPUs that a program of this process may see, as ``CUDA_VISIBLE_DEVICES`` has them.

    Each of them, put there alone, is the one that such a program sees.
    """
    return tuple(_shown(len(gpus())))


def _shown(num_gpus: int) -> list[str]:
    value = os.environ.get("CUDA_VISIBLE_DEVICES", ",".join(map(str, range(num_gpus))))
    names = (name.strip() for name in value.split(","))
    return list(takewhile(lambda name: _names_one(name, num_gpus), names))


def _names_one(name: str, num_gpus: int) -> bool:
    is_number = name.isdecimal() and int(name) < num_gpus
    return is_number or name.startswith(("GPU-", "MIG-"))


def num_processors(proc: Path = Path("/proc/self")) -> int:
    """Count the processors this process may use, at least 1.

    Those it is bound to (affinity), and no more than its control groups pay for: a container with
    a limit of 2 on a machine with 64 has 2. A part of a processor counts as a whole one.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    paid = [math.ceil(limit) for limit in _limits(proc)]
    return max(1, min([bound or 1, *paid]))


def _limits(proc: Path) -> Iterator[float]:
    """Give the limits, in processors, of this process' control groups and of those above them."""
    for group, top in _groups(proc):
        for folder in (group, *group.parents):
            if (limit := _limit(folder)) is not None:
                yield limit
            if folder == top:
                break


def _limit(group: Path) -> float | None:
    """Read one group's limit: microseconds of work in so many of time; None where it has none.

    Linux, "Control Group v2", ``cpu.max``; in v1 ``cpu.cfs_quota_us`` and ``cpu.cfs_period_us``.
    """
    try:
        if (file := group / "cpu.max").exists():
            quota, period = file.read_text().split()
        else:
            quota = (group / "cpu.cfs_quota_us").read_text()
            period = (group / "cpu.cfs_period_us").read_text()
        return int(quota) / int(period) if int(quota) > 0 and int(period) > 0 else None
    except (OSError, ValueError):  # "max": as much as there is
        return None


def _groups(proc: Path) -> Iterator[tuple[Path, Path]]:
    """Find the folders of this process' groups that may limit processors, each with its top.

    In a container, the group's path may lie outside of what is mounted; then the top is its own.
    """
    try:
        lines = (proc / "cgroup").read_text().splitlines()
        mounts = (proc / "mountinfo").read_text().splitlines()
    except OSError:  # no Linux
        return
    paths = {name: path for line in lines for name, path in _named(line)}
    for mount in mounts:  # ID, parent, device, root, where, options ... - kind, source, options
        left, _, right = mount.partition(" - ")
        (root, top), (kind, _, options) = left.split()[3:5], right.split(" ", 2)
        name = {"cgroup2": "", "cgroup": "cpu"}.get(kind)
        if name not in paths or (name and name not in options.split(",")):
            continue
        inside = os.path.relpath(paths[name], root)
        group = Path(top) / inside
        yield (group if group.is_dir() and ".." not in inside else Path(top)), Path(top)


def _named(line: str) -> Iterator[tuple[str, str]]:
    """Read a line such as ``4:cpu,cpuacct:/jobs``; version 2 has an empty name."""
    _, names, path = line.split(":", 2)
    yield from ((name, path) for name in names.split(","))
