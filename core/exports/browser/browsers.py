"""The browser of this machine, in which an exported page is opened without a window."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.exports import with_parent

CHOSEN = "THAW_BROWSER"  # the program, where it has another name
NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge", "brave-browser"),
)
_MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
_FLAGS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--disable-dev-shm-usage",
)


def find() -> Path | None:
    """Give a browser of the Chromium family; None where there is none."""
    if chosen := os.environ.get(CHOSEN):
        named = shutil.which(chosen)
        return Path(named) if named else None
    found = (Path(path) for name in NAMES if (path := shutil.which(name)))
    return next((path for path in (*found, *_usual_places()) if path.is_file()), None)


def _usual_places() -> Iterator[Path]:
    for name in _MAC:
        yield Path("/Applications", f"{name}.app", "Contents", "MacOS", name)
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if root := os.environ.get(variable):
            yield from (Path(root, name) for name in _WINDOWS)


@contextmanager
def opened(browser: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    """Open a page without a window and with nothing of the user's, and end it whole."""
    with tempfile.TemporaryDirectory(prefix="thaw-browser-", ignore_cleanup_errors=True) as room:
        command = [sys.executable, with_parent.__file__, room]
        command += [str(browser), *_FLAGS, f"--user-data-dir={room}", *_unguarded(), address]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _end(process)


def _unguarded() -> list[str]:
    """Chromium keeps no sandbox for root, as whom it runs in a container."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.stdin is not None
    process.stdin.close()  # the one between ends the browser where there are no groups
    process.wait(20)
