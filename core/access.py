"""Who may open the app: an access code beyond this machine, and a signed cookie that remembers."""

import hmac
import ipaddress
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock
from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.workspace import Workspace

COOKIE = "thaw_access"
DEFAULT_WORKSPACE = "default"
DAYS_REMEMBERED = 30
_ALPHABET = (
    "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for another when read aloud
)


def is_loopback(address: str | None) -> bool:
    """Tell whether an address can be reached from this machine only."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address((address or "").strip("[]")).is_loopback
    except ValueError:
        return False


def own_address() -> str:
    """Give this machine's address in its network; to find it, nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
        except OSError:
            return socket.gethostname()
        return str(probe.getsockname()[0])


def new_code() -> str:
    """Make a code that can be written on a blackboard: eight signs, about 40 bits."""
    signs = [secrets.choice(_ALPHABET) for _ in range(8)]
    return "".join(signs[:4]) + "-" + "".join(signs[4:])


def same_code(given: str, code: str) -> bool:
    """Compare in constant time; case, spaces and dashes do not matter."""
    plain = [sign.upper().replace("-", "").replace(" ", "") for sign in (given, code)]
    return hmac.compare_digest(plain[0].encode(), plain[1].encode())


def secret(root: Path) -> str:
    """Read the key that signs cookies, or make it once, so that a restart signs nobody out."""
    path = root / "secret.key"
    if not _has_text(path):
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / "secret.lock"):
            if not _has_text(path):
                _write_for_owner(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii")


def _has_text(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _write_for_owner(path: Path, text: str) -> None:
    """Write beside, then rename: nobody ever reads half a key."""
    handle, part = tempfile.mkstemp(dir=path.parent)  # for its owner only
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise


def sign(workspace: str, key: str) -> str:
    """Make the cookie that admits its bearer to a workspace."""
    return str(_serializer(key).dumps(workspace))


def workspace_name(cookie: str | None, key: str) -> str | None:
    """Read which workspace a cookie admits to; None for a forged or an old one."""
    try:
        name = _serializer(key).loads(cookie or "", max_age=DAYS_REMEMBERED * 86400)
    except BadSignature:
        return None
    return name if isinstance(name, str) else None


def open_workspace(cookie: str | None, root: Path) -> Workspace:
    """Open the workspace that a cookie names; with no cookie, the one there is."""
    name = workspace_name(cookie, secret(root)) if cookie else None
    if (name or DEFAULT_WORKSPACE) != DEFAULT_WORKSPACE:
        raise PermissionError(f"no workspace called {name!r}")
    return Workspace(root)


def _serializer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="thaw-access")


class Attempts:
    """Counts wrong codes, so that nobody can try them all: a few per address, more for all."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: list[tuple[float, str]] = []

    def allowed(self, client: str) -> bool:
        """Tell whether this address may try once more within this minute."""
        recent = self._clock() - 60
        self._failures = [failure for failure in self._failures if failure[0] > recent]
        mine = sum(address == client for _, address in self._failures)
        return mine < 5 and len(self._failures) < 60

    def failed(self, client: str) -> None:
        self._failures.append((self._clock(), client))
