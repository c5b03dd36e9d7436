"""Which device runs train on, as the shell sees it, and the locks that keep them from colliding.

Locks lie outside workspaces, since two workspaces share one machine. The system frees a lock when
the process that holds it dies, so a lock says who is alive (see docs/decisions).
"""

import getpass
import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from core.workspace import Workspace


def training_device() -> str:
    """Give ``gpu`` where an NVIDIA driver answers, else ``cpu``; the engine has the last word."""
    if os.environ.get("CUDA_VISIBLE_DEVICES") == "-1":
        return "cpu"
    try:
        found = subprocess.run(["nvidia-smi", "-L"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "cpu"
    return "gpu" if found.returncode == 0 and b"GPU" in found.stdout else "cpu"


def locks_folder() -> Path:
    """Give the folder of locks: ``$THAW_LOCKS``, or one per user among the temporary files."""
    asked = os.environ.get("THAW_LOCKS")
    folder = Path(asked) if asked else Path(tempfile.gettempdir()) / f"thaw-{_user()}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _user() -> str:
    """Give the name of the user, or the number: in containers there is often no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def device_lock(locks: Path, device: str) -> FileLock:
    """Held while a run trains on the device."""
    return FileLock(locks / f"device-{device}.lock")


def worker_lock(locks: Path, ws: Workspace) -> FileLock:
    """Held by the one worker of a workspace."""
    return FileLock(locks / f"worker-{_key(ws)}.lock")


def app_lock(locks: Path, ws: Workspace) -> FileLock:
    """Held by the web app as long as it lives."""
    return FileLock(locks / f"app-{_key(ws)}.lock")


def is_held(lock: FileLock) -> bool:
    """Tell whether somebody else holds a lock."""
    try:
        with lock.acquire(timeout=0):
            return False
    except Timeout:
        return True


def _key(ws: Workspace) -> str:
    return hashlib.sha256(str(ws.root.resolve()).encode()).hexdigest()[:16]
