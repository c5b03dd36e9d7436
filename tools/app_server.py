"""The app on a port of its own, for what looks at it in a browser; ended with all it started."""

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

ROOT = Path(__file__).parents[1]


@contextmanager
def running(home: Path, **settings: str) -> Iterator[str]:
    """Start it on a workspace, with further variables of the environment; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    process = subprocess.Popen(
        [*command, f"--server.port={port}"],
        cwd=ROOT,
        env=os.environ | {"THAW_HOME": str(home)} | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        _end_workers(home)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _end_workers(home: Path) -> None:
    import psutil

    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or ()
        if str(home) in words and "core.runs.worker" in words:
            with suppress(psutil.Error):
                process.kill()  # its engine ends with it
