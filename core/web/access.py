"""Who may open the app: an access code beyond this machine, and a signed cookie that remembers."""

import ipaddress
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from core import files, locks
from core.classroom import codes, folder, people, presence
from core.classroom.folder import ClassFolder
from core.errors import UserError
from core.records.classroom import Person, Role
from core.words import nsay, say
from core.workspace import Workspace

COOKIE = "thaw_access"
PERSON_COOKIE = "thaw_person"  # of somebody in a class
DEFAULT_WORKSPACE = "default"
DAYS_REMEMBERED = 30
TEACHER_SIGNS = 12  # of a code that nobody writes on a blackboard


class NotAdmittedError(PermissionError):
    """Whoever asks has no workspace here."""


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


def code_for(address: str | None, chosen: str) -> str:
    """Give the code that guards an address: the chosen one, else a new one; none on loopback.

    Where a class comes in, it is that of the teacher, also on loopback. Raises `UserError` for a
    chosen one that is guessed too soon: ``-`` would let everybody in.
    """
    if not chosen:
        if folder.is_open():
            return codes.new_code(TEACHER_SIGNS)
        return "" if is_loopback(address) else codes.new_code()
    signs = len(codes.plain(chosen))
    if signs >= codes.CODE_SIGNS:
        return chosen
    raise UserError(
        nsay(
            "The access code in THAW_ACCESS_CODE has {num} letter or digit.",
            "The access code in THAW_ACCESS_CODE has {num} letters and digits.",
            num=signs,
        ),
        expected=say("At least {num}, so that nobody guesses it.", num=codes.CODE_SIGNS),
        mend=say("Choose a longer one, or none: then Thaw makes one and prints it."),
    )


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


def open_workspace(cookies: Mapping[str, str], root: Path) -> Workspace:
    """Open the workspace of whoever brings these cookies; for one person alone, the one there is.

    Raises `NotAdmittedError` for cookies that are not ours, and for who is not in the class.
    """
    if folder.is_open():
        person = person_of(cookies, root)
        if person is None:
            raise NotAdmittedError("nobody of this class")
        return people.workspace_of(folder.folder_in(root), person)
    cookie = cookies.get(COOKIE)
    name = workspace_name(cookie, secret(root)) if cookie else None
    if (name or DEFAULT_WORKSPACE) != DEFAULT_WORKSPACE:
        raise NotAdmittedError(f"no workspace called {name!r}")
    return Workspace(root)


def sign_person(person_id: str, key: str, *, sign_in: str = "", until: float = 0.0) -> str:
    """Make the cookie by which somebody of a class is known, for one sign-in.

    One that was made elsewhere has a name of its own, ``sign_in``, and an end, ``until``.
    """
    signed = [person_id, sign_in or secrets.token_urlsafe(9), *([until] if until else [])]
    return str(_serializer(key, "thaw-person").dumps(signed))


def person_of(cookies: Mapping[str, str], root: Path) -> Person | None:
    """Give who of the class brings these cookies; None: nobody, or one who left or was removed."""
    signed = _signed(cookies, root)
    person = people.find(folder.folder_in(root), signed[0]) if signed else None
    if person is None or signed is None or signed[1] in person.left:
        return None
    if signed[2] < int(person.since):  # a cookie knows the second in which it was signed
        return None
    presence.note(folder.folder_in(root), person)
    return person


def open_class(cookies: Mapping[str, str], root: Path) -> ClassFolder:
    """Open the class for its teacher. Raises `NotAdmittedError` for everybody else."""
    person = person_of(cookies, root) if folder.is_open() else None
    if person is None or person.role is not Role.TEACHER:
        raise NotAdmittedError("only the teacher")
    return folder.folder_in(root)


def leave(cookies: Mapping[str, str], root: Path) -> None:
    """End the sign-in that these cookies are of."""
    signed, person = _signed(cookies, root), person_of(cookies, root)
    if signed and person:
        people.leave(folder.folder_in(root), person, signed[1])


def _signed(cookies: Mapping[str, str], root: Path) -> tuple[str, str, float] | None:
    """Read the person, the sign-in and the moment of a cookie; None for a forged or an old one."""
    signer, age = _serializer(secret(root), "thaw-person"), DAYS_REMEMBERED * 86400
    given = cookies.get(PERSON_COOKIE, "")
    try:
        named, moment = signer.loads(given, max_age=age, return_timestamp=True)
        person_id, sign_in, *ends = named
    except (BadSignature, ValueError):
        return None
    if ends and ends[0] < time.time():
        return None
    return str(person_id), str(sign_in), moment.timestamp()


def _serializer(key: str, salt: str = "thaw-access") -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=salt)
