"""https for a class: a given certificate looked through, or one that this machine signs itself.

Browsers open a camera over the network only where the connection is encrypted. They do not know
who signed ours and warn; its fingerprint tells that nobody sits in between.
"""

import datetime
import ipaddress
import os
import secrets
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from core import files
from core.errors import UserError
from core.words import Message, say
from core.workspace import Workspace

DAYS = 365  # browsers refuse a certificate of more than 398
LEFT_DAYS = 7  # with fewer a new one is made, so that none ends during a lesson
_NAME = "Thaw on this machine"


def own(ws: Workspace, addresses: Iterable[str]) -> tuple[Path, Path]:
    """Give the certificate of this machine and its key, made where there is none that serves.

    It is kept, so that who has accepted it once is not warned again; one that ends soon, or was
    made for other addresses, is made anew.
    """
    names = {*addresses, "localhost", "127.0.0.1", "::1", socket.gethostname()}
    if not _serves(ws, names):
        ws.root.mkdir(parents=True, exist_ok=True)
        certificate, key = _make(sorted(names))
        _write_for_owner(key_of(ws), key)
        files.write_bytes(ws.certificate, certificate)
    return ws.certificate, key_of(ws)


def key_of(ws: Workspace) -> Path:
    """Give where the key of this machine's certificate lies."""
    return ws.certificate.with_suffix(".key")


def check(certificate: Path | None, key: Path | None) -> None:
    """Refuse a certificate that no browser could be served with. Raises `UserError`."""
    if certificate is None or key is None:
        raise _unusable(say("only one of them was named"))
    for path in (certificate, key):
        if not path.is_file():
            raise _unusable(say("there is no file '{path}'", path=str(path)))
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key, password=lambda: "-")  # else it asks for one
        ends = _loaded(certificate).not_valid_after_utc
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise _unusable(say("the key belongs to another certificate")) from None
        raise _unusable(
            say("the files hold no certificate and key as text (PEM), or the key has a password")
        ) from None
    if ends <= _now():
        raise _unusable(say("it ended on {day}", day=ends.date().isoformat()))


def _serves(ws: Workspace, names: Iterable[str]) -> bool:
    """Tell whether the certificate that is kept goes on serving."""
    try:
        check(ws.certificate, key_of(ws))
        kept = _loaded(ws.certificate)
        known = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (UserError, OSError, ValueError, x509.ExtensionNotFound):
        return False
    left = kept.not_valid_after_utc - _now()
    return left.days >= LEFT_DAYS and {str(name.value) for name in known}.issuperset(names)


def _make(names: Iterable[str]) -> tuple[bytes, bytes]:
    """Make a certificate for names and addresses, which its own key signs, and that key."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), _subject()
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() - datetime.timedelta(days=1))  # clocks of pupils differ
        .not_valid_after(_now() + datetime.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(usage, False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8
    unlocked = serialization.NoEncryption()
    return certificate.public_bytes(pem), key.private_bytes(pem, private, unlocked)


def _subject() -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])


def _general(name: str) -> x509.GeneralName:
    with suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(name))
    return x509.DNSName(name.encode("idna").decode("ascii"))


def _write_for_owner(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.replace(part, path)


def _loaded(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificates(path.read_bytes())[0]


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _unusable(why: Message) -> UserError:
    return UserError(
        say("Certificate and key cannot be used: {why}.", why=why),
        expected=say("A certificate that is still valid, and its key, as PEM files."),
        mend=say("Name both with --cert and --key, or let Thaw make them with --https."),
    )
