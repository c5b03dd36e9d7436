"""Who may open the app: an access code beyond this machine, and a signed cookie that remembers."""

import hmac
import ipaddress
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from core import files, locks
from core.errors import UserError
from core.words import nsay, say
from core.workspace import Workspace

COOKIE = "thaw_access"
DEFAULT_WORKSPACE = "default"
DAYS_REMEMBERED = 30
CODE_SIGNS = 8
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for another when read aloud
MOST_OF_ONE = 5  # wrong codes from one address within a minute
MOST_OF_ALL = 3_000  # from all: one address or a hundred that guess lock nobody else out


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


def web_addresses(
    address: str | None, port: int, base: str = "", scheme: str = "http"
) -> list[str]:
    """Give where an app that is bound to an address can be opened, this machine first."""
    everywhere = (address or "").strip("[]") in ("", "0.0.0.0", "::")
    hosts = ["127.0.0.1", own_address()] if everywhere else [(address or "").strip("[]")]
    shown = [f"[{host}]" if ":" in host else host for host in dict.fromkeys(hosts)]
    return [f"{scheme}://{host}:{port}/{base}" for host in shown]


def new_code() -> str:
    """Make a code that can be written on a blackboard: eight signs, about 40 bits."""
    signs = [secrets.choice(ALPHABET) for _ in range(CODE_SIGNS)]
    return "".join(signs[:4]) + "-" + "".join(signs[4:])


def code_for(address: str | None, chosen: str) -> str:
    """Give the code that guards an address: the chosen one, else a new one; none on loopback.

    Raises `UserError` for a chosen one that is guessed too soon: ``-`` would let everybody in.
    """
    if not chosen:
        return "" if is_loopback(address) else new_code()
    signs = len(_plain(chosen))
    if signs >= CODE_SIGNS:
        return chosen
    raise UserError(
        nsay(
            "The access code in THAW_ACCESS_CODE has {num} letter or digit.",
            "The access code in THAW_ACCESS_CODE has {num} letters and digits.",
            num=signs,
        ),
        expected=say("At least {num}, so that nobody guesses it.", num=CODE_SIGNS),
        mend=say("Choose a longer one, or none: then Thaw makes one and prints it."),
    )


def same_code(given: str, code: str) -> bool:
    """Compare in constant time; case, spaces and dashes do not matter."""
    return hmac.compare_digest(_plain(given).encode(), _plain(code).encode())


def _plain(code: str) -> str:
    return code.upper().replace("-", "").replace(" ", "")


def secret(root: Path) -> str:
    """Read the key that signs cookies, or make it once, so that a restart signs nobody out.

    Where a workspace can only be looked at, the key lasts as long as this process.
    """
    try:
        return _kept_secret(root)
    except OSError as error:
        if error.errno not in files.CLOSED:
            raise
        return _passing_secret(root)


def _kept_secret(root: Path) -> str:
    path = root / "secret.key"
    if not _has_text(path):
        root.mkdir(parents=True, exist_ok=True)
        with locks.hold_where_possible(root / "secret.lock"):
            if not _has_text(path):
                _write_for_owner(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii")


@cache
def _passing_secret(_root: Path) -> str:
    return secrets.token_urlsafe(32)


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
    """Open the workspace that a cookie names; with no cookie, the one there is.

    Raises PermissionError for a cookie that is not ours.
    """
    name = workspace_name(cookie, secret(root)) if cookie else None
    if (name or DEFAULT_WORKSPACE) != DEFAULT_WORKSPACE:
        raise PermissionError(f"no workspace called {name!r}")
    return Workspace(root)


def _serializer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="thaw-access")


class Attempts:
    """Counts wrong codes, so that nobody can try them all: a few per address, many for all.

    An attempt counts from its first byte on, before anybody knows whether the code is right; the
    right one is given back. So a crowd of requests that come at once is no way around the limit.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: list[tuple[float, str]] = []  # of the last minute, oldest first

    def begin(self, client: str) -> bool:
        """Tell whether this address may try once more within this minute, and count it."""
        now, network = self._clock(), _network(client)
        self._begun = [attempt for attempt in self._begun if attempt[0] > now - 60]
        mine = sum(address == network for _, address in self._begun)
        if mine >= MOST_OF_ONE or len(self._begun) >= MOST_OF_ALL:
            return False
        self._begun.append((now, network))
        return True

    def succeeded(self, client: str) -> None:
        """Take back one attempt of an address: it was right."""
        network = _network(client)
        mine = next((a for a in reversed(self._begun) if a[1] == network), None)
        if mine is not None:
            self._begun.remove(mine)


def _network(client: str) -> str:
    """Name who may count as one: an IPv4 address, or the 64 bits that a household has of IPv6."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((int(address), 64), strict=False))
