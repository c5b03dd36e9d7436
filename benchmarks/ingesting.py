"""Bringing images in: every file checked, decoded, copied and told about, beside a plain loop."""

import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
from PIL import Image, ImageOps

from benchmarks import ours, photographs
from benchmarks.bench import table
from core.workspace import Workspace

MOST_SIDE = 512


def measure(num: int) -> None:
    """Print seconds and memory for ``num`` photographs, and what a loop with Pillow takes."""
    with tempfile.TemporaryDirectory(prefix="thaw-bench-") as name:
        folder = Path(name)
        files = sorted(photographs.write(folder / "photographs", num).rglob("*.jpg"))
        kilobytes = sum(file.stat().st_size for file in files) / len(files) / 1000
        print(f"{len(files)} photographs of {kilobytes:.0f} KB")
        with _Peak() as peak:
            seconds = _seconds(
                lambda: ours.ingest(Workspace(folder / "ws"), folder / "photographs")
            )
        plain = _seconds(lambda: _loop(files, folder / "plain"))
    table(
        ("bringing in", "seconds", "images a second", "", "memory, MB"),
        ("a loop with Pillow", f"{plain:.1f}", f"{num / plain:.0f}", "x1.0", ""),
        (
            "Thaw",
            f"{seconds:.1f}",
            f"{num / seconds:.0f}",
            f"x{plain / seconds:.1f}",
            peak.megabytes,
        ),
    )


def _loop(files: Sequence[Path], target: Path) -> None:
    """Do what a script would: decode, turn upright, shrink, save."""
    target.mkdir()
    for number, file in enumerate(files):
        with Image.open(file) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
        image.thumbnail((MOST_SIDE, MOST_SIDE))
        image.save(target / f"{number}.jpg", quality=95)


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


class _Peak:
    """Follows the memory of this process and its children, shared pages counted for each."""

    def __init__(self) -> None:
        self.megabytes = 0
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def __enter__(self) -> "_Peak":
        self._watcher.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._over.wait(0.2):
            self.megabytes = max(self.megabytes, _megabytes([me, *me.children(recursive=True)]))


def _megabytes(processes: Sequence[psutil.Process]) -> int:
    total = 0
    for process in processes:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total // 10**6
