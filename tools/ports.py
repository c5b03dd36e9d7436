"""Where the app will listen, and whether it can; for run.py, before anything is loaded."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path


def place(root: Path, rest: Sequence[str], environment: Mapping[str, str]) -> tuple[str, int, bool]:
    """Tell on which address and port the app will listen, and whether the port was chosen.

    Raises `ValueError`, with a sentence for the user, for a port that is none.
    """
    host = _setting("address", root, rest, environment) or "127.0.0.1"
    port = _setting("port", root, rest, environment)
    return host, _number(port) if port is not None else 8501, port is not None


def _number(port: str) -> int:
    if port.isdecimal() and int(port) <= 65535:
        return int(port)
    raise ValueError(
        f"'{port}' is not a port. A port is a number from 1 to 65535. "
        "For example: python run.py --server.port 8601"
    )


def _setting(
    name: str, root: Path, rest: Sequence[str], environment: Mapping[str, str]
) -> str | None:
    """Find a setting of the server where Streamlit looks for it, the strongest place first."""
    option = f"--server.{name}"
    for word, following in zip(reversed(rest), ["", *reversed(rest)], strict=False):
        if word == option or word.startswith(f"{option}="):
            return word.partition("=")[2] or following
    if given := environment.get(f"STREAMLIT_SERVER_{name.upper()}"):
        return given
    for folder in (root, Path.home()):
        found = _written(folder / ".streamlit/config.toml").get("server", {}).get(name)
        if found is not None:
            return str(found)
    return None


def _written(settings: Path) -> dict[str, dict[str, object]]:
    import tomllib  # not in a Python that is too old

    return tomllib.loads(settings.read_text(encoding="utf-8")) if settings.exists() else {}


def refusal(host: str, port: int) -> str:
    """Say why a port cannot be had; empty where it can."""
    if host.startswith("unix:") or not port:
        return ""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except PermissionError:
            return f"Port {port} is kept for the system."
        except OSError as error:
            taken = error.errno in (errno.EADDRINUSE, 10048)
            return f"Port {port} of {host} is taken." if taken else ""  # else Streamlit says why
    return ""


def next_free(host: str, port: int) -> int:
    """Give the next port that can be had."""
    later = range(max(port, 1023) + 1, 65536)
    return next((other for other in later if not refusal(host, other)), port)
