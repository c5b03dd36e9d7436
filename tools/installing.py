"""Install libraries with pip, and tell how far that is; for run.py, before anything is there."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

MEGABYTES = 960  # of downloads for requirements.txt, about; measured on Linux, Python 3.11
GPU_MEGABYTES = 2600  # more for requirements-gpu.txt
_INSTALLING = 0.6  # of the time that a megabyte's download takes, about
_EVERY = 10.0  # seconds between two lines, where they cannot be written over
_SIZE = re.compile(r"(?:Downloading|Using cached) ([A-Za-z0-9_.]+)-\S+ \(([\d.]+) (\w+)\)")
_UNITS = {"bytes": 1e-6, "kB": 1e-3, "MB": 1.0, "GB": 1e3}
_NEVER_RUN = r"[\\/]tests?[\\/]"  # the libraries' own tests: a fifth of all their code
_NAMES = re.compile(r"[A-Za-z0-9._-]+")


@dataclass
class Progress:
    """What pip has said so far."""

    expected: float  # megabytes; 0: nobody knows, as when a few libraries are brought up to date
    coming: str = ""  # the file that comes now, with its size
    sizes: dict[str, float] = field(default_factory=dict)  # megabytes of the files it has named
    names: tuple[str, ...] = ()  # what it installs, once all is there
    installed: frozenset[str] = frozenset()
    downloaded_in: float = 0.0  # seconds until all was there
    last: deque[str] = field(default_factory=lambda: deque(maxlen=15))

    def hear(self, line: str) -> bool:
        """Take in a line of pip's; tell whether all is there now, and gets installed."""
        if line and not line.startswith("WARNING: Location"):
            self.last.append(line.rstrip())
        if named := _SIZE.search(line):
            size = float(named[2]) * _UNITS.get(named[3], 0.0)
            self.sizes[_plain(named[1])] = size
            self.coming = f"{named[1]}, {size:.0f} MB" if size >= 5 else ""
        elif line.startswith("Installing collected packages:"):
            self.names = tuple(map(_plain, _NAMES.findall(line.partition(":")[2])))
            return True
        return False

    def share(self, here: float) -> float:
        """Tell how much is done, with so many megabytes downloaded; 0 while nobody knows."""
        if self.names:
            return (1 + _INSTALLING * self._share_installed()) / (1 + _INSTALLING)
        return here / self._total(here) / (1 + _INSTALLING) if self.expected else 0.0

    def _left(self, share: float, seconds: float) -> float:
        """Reckon the seconds left, by how fast this part of the work goes once that is known.

        A fast network or a slow disk makes the downloads say little of how long installing takes.
        """
        done = self._share_installed() if self.names else 0.0
        if done >= 0.05:
            return (seconds - self.downloaded_in) * (1 / done - 1)
        return seconds / share - seconds

    def _share_installed(self) -> float:
        """Weigh each library by its size: TensorFlow alone is half of all."""
        weights = {name: 2 + self.sizes.get(name, 0.0) for name in self.names}
        return sum(weights[name] for name in self.installed) / sum(weights.values())

    def _total(self, here: float) -> float:
        return max(self.expected, sum(self.sizes.values()), here)

    def line(self, here: float, seconds: float) -> str:
        """Say how far it is and how much is left."""
        share = self.share(here)
        left = f", {_minutes(self._left(share, seconds))} left" if share >= 0.05 else ""
        if self.names:
            missing = [name for name in self.names if name not in self.installed]
            named = f" (missing: {', '.join(missing)})" if 0 < len(missing) <= 3 else ""
            done = len(self.names) - len(missing)
            return f"  2 of 2: installed {done} of {len(self.names)} libraries{named}{left}"
        of = f" of about {self._total(here):.0f}" if self.expected else ""
        coming = f" ({self.coming})" if self.coming else ""
        return f"  1 of 2: downloaded {here:.0f}{of} MB{coming}{left}"


def _plain(name: str) -> str:
    """Give the one spelling of a library's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _minutes(seconds: float) -> str:
    return "less than a minute" if seconds < 50 else f"about {max(1, round(seconds / 60))} min"


def install(command: list[str], environment: Path, megabytes: float) -> int:
    """Run pip in a virtual environment; give its exit code, after its last words if it failed."""
    scratch = environment / "downloads"  # where pip puts what comes, so that it can be weighed
    scratch.mkdir(exist_ok=True)
    child = subprocess.Popen(
        [*command, "--progress-bar", "off"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)},
        text=True,
        errors="replace",
    )
    try:
        progress = _watch(child, environment, scratch, Progress(megabytes))
    finally:
        child.wait()
        shutil.rmtree(scratch, ignore_errors=True)
    if child.returncode:
        print("\n".join(progress.last), file=sys.stderr)
    return child.returncode


def compile_all(python: Path, folder: Path) -> None:
    """Compile libraries on all processors: pip does it on one, and their tests with them."""
    options = ["-qq", "-j", "0", "-x", _NEVER_RUN]
    # from within, so that no folder above counts
    subprocess.call([str(python.absolute()), "-m", "compileall", *options, "."], cwd=folder)


def _watch(
    child: subprocess.Popen[str], environment: Path, scratch: Path, progress: Progress
) -> Progress:
    """Show how far pip is, until it ends."""
    begun, shown, phase = time.monotonic(), 0.0, time.time()
    every, start, end = (1.0, "\r\x1b[2K", "") if sys.stderr.isatty() else (_EVERY, "", "\n")
    for line in _lines(child.stdout) if child.stdout else ():
        if progress.hear(line):
            phase, progress.downloaded_in = time.time(), time.monotonic() - begun
        if time.monotonic() - shown < every:
            continue
        shown = time.monotonic()
        progress.installed = _new(environment, phase) & frozenset(progress.names)
        text = progress.line(_megabytes(scratch), shown - begun)
        print(start + text, end=end, file=sys.stderr, flush=True)
    if not end:
        print(file=sys.stderr)
    return progress


def _lines(stream: IO[str]) -> Iterator[str]:
    """Give what a child prints, and an empty line each second in which it prints nothing."""
    heard: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def listen() -> None:
        with stream:
            for line in stream:
                heard.put(line)
        heard.put(None)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        try:
            line = heard.get(timeout=1.0)
        except queue.Empty:
            line = ""
        if line is None:
            return
        yield line


def _megabytes(folder: Path) -> float:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # gone meanwhile
                total += os.path.getsize(os.path.join(parent, name))
    return total / 1e6


def _new(environment: Path, since: float) -> frozenset[str]:
    """Name the libraries that were installed since then."""
    found = set[str]()
    for pattern in ("lib/python*/site-packages/*.dist-info", "Lib/site-packages/*.dist-info"):
        for path in environment.glob(pattern):
            with suppress(OSError):
                if path.stat().st_mtime >= since:
                    found.add(_plain(path.name.partition("-")[0]))
    return frozenset(found)
