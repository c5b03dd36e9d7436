"""The app of a class as a process, and what all processes of its workspace take."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from core.runs.engine_process import ROOT

SECONDS_TO_START = 60.0


@contextmanager
def running(home: Path) -> Iterator[tuple[psutil.Process, int]]:
    """Start a class in a workspace; give the web server's process and its port, and end all."""
    port = _free_port()
    command = [sys.executable, "-m", "core", "serve", "--classroom", "--workspace", str(home)]
    with (home / "server.log").open("wb") as log:
        started = subprocess.Popen(
            [*command, "--port", str(port), "--address", "127.0.0.1"],
            cwd=ROOT,
            env=os.environ | {"THAW_HOME": str(home)},
            stdout=log,
            stderr=log,
        )
    try:
        _wait(started, port, home)
        yield _listening(started.pid), port
    finally:
        started.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            started.wait(20)
        for process in of_workspace(home):
            with suppress(psutil.Error):
                process.kill()


def of_workspace(home: Path) -> list[psutil.Process]:
    """Give all processes that work for a workspace, whoever started them, but not this one."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            works = process.environ().get("THAW_HOME") == str(home)
            if works and process.pid != os.getpid():
                found.append(process)
    return found


def megabytes(processes: list[psutil.Process]) -> float:
    """Add up what processes take; pages that several share count once (PSS), where it is known."""
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            info = process.memory_full_info()
            total += getattr(info, "pss", info.rss)
    return total / 2**20


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(started: subprocess.Popen[bytes], port: int, home: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and started.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health"):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{(home / 'server.log').read_text()}")


def _listening(pid: int) -> psutil.Process:
    """Give the web server, which is the child of the command that started it."""
    command = psutil.Process(pid)
    return next(iter(command.children()), command)
