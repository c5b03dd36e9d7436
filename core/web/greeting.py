"""What the window says in which the app was started: addresses, codes, and a QR code to join."""

import hashlib
import io
import ssl
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import segno

from core.classroom import folder, people
from core.institution import settings
from core.workspace import Workspace


def lines(
    addresses: Sequence[str], code: str, root: Path, certificate: str | None = None
) -> list[str]:
    """Say where the app is open and with which code; a class also how it joins.

    Of a ``certificate`` that this machine signed itself, say what browsers will make of it.
    """
    open_at = [f"  Thaw is open at {address}" for address in addresses]
    if certificate and Path(certificate) == Workspace(root).certificate:
        open_at += _of_own(Path(certificate))
    if settings.is_on():
        return [*open_at, "  People sign in with the account of their institution."]
    if folder.is_open():
        return [*open_at, *_for_class(addresses[-1], code, root)]
    return [*open_at, f"  Access code: {code}"] if code else open_at


def _of_own(certificate: Path) -> list[str]:
    return [
        "  The connection is encrypted. Browsers do not know who signed for this machine and warn",
        "  once: choose 'Advanced', then 'Proceed' ('Accept the risk'). It is the right one where",
        "  the browser shows this SHA-256 fingerprint of the certificate:",
        f"  {fingerprint(certificate)}",
    ]


def fingerprint(certificate: Path) -> str:
    """Give the SHA-256 of a certificate in a PEM file as browsers show it."""
    der = ssl.PEM_cert_to_DER_cert(certificate.read_text(encoding="ascii"))
    return hashlib.sha256(der).digest().hex(":").upper()


def _for_class(address: str, teacher_code: str, root: Path) -> list[str]:
    """Say how pupils join, at the address that others reach, and how the teacher comes in."""
    join_code = people.settings(folder.folder_in(root)).join_code
    return [
        *qr_lines(join_link(address, join_code)),
        f"  Pupils join at {address} with the code {join_code}, or with this picture.",
        f"  You, the teacher, come in with {teacher_code}: keep it to yourself.",
    ]


def join_link(address: str, join_code: str) -> str:
    """Give the address that a QR code leads to, with the code filled in."""
    return f"{address.rstrip('/')}/join?code={quote(join_code)}"


def qr_lines(link: str) -> list[str]:
    """Draw a QR code for a terminal, in half blocks."""
    out = io.StringIO()
    segno.make(link, micro=False).terminal(out, compact=True)
    return out.getvalue().rstrip("\n").split("\n")


def qr_picture(link: str) -> bytes:
    """Draw a QR code as a PNG, dark on white, as a phone reads it in any theme."""
    out = io.BytesIO()
    segno.make(link, micro=False).save(out, kind="png", scale=8)
    return out.getvalue()
