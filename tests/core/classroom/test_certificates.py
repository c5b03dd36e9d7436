"""https for a class: certificates that are given, and those that the machine signs itself."""

import argparse
import http.server
import ssl
import stat
import threading
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from core.classroom import certificates
from core.cli.classes import serving
from core.errors import UserError
from core.web import greeting
from core.workspace import Workspace


def options(ws: Workspace, **given: object) -> argparse.Namespace:
    usual = {"classroom": True, "https": False, "cert": None, "key": None}
    usual |= {"institution": None}
    return argparse.Namespace(**usual | {"address": None, "port": 1, "workspace": ws.root} | given)


def test_a_browser_that_trusts_it_reaches_the_server_by_each_of_its_names(ws):
    certificate, key = certificates.own(ws, ["10.0.0.5", "classroom.local"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.handle_request, daemon=True).start()
    trusting = ssl.create_default_context(cafile=str(certificate))

    with pytest.raises(urllib.error.HTTPError) as answer:  # of the handler, who can do nothing
        urllib.request.urlopen(f"https://127.0.0.1:{server.server_port}/", context=trusting)

    answer.value.close()
    server.server_close()
    assert answer.value.code == 501
    names = x509.load_pem_x509_certificate(certificate.read_bytes()).extensions
    listed = names.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"10.0.0.5", "classroom.local", "localhost"} <= {str(name.value) for name in listed}
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_it_is_kept_until_it_ends_soon_or_the_address_is_another(ws, monkeypatch):
    certificate, _ = certificates.own(ws, ["10.0.0.5"])
    first = certificate.read_bytes()
    certificates.own(ws, ["10.0.0.5"])
    assert certificate.read_bytes() == first

    certificates.own(ws, ["10.0.0.6"])
    second = certificate.read_bytes()
    assert second != first
    now = certificates._now
    monkeypatch.setattr(certificates, "_now", lambda: now() + timedelta(days=certificates.DAYS - 3))
    certificates.own(ws, ["10.0.0.6"])
    assert certificate.read_bytes() != second


def test_what_cannot_be_served_is_told(ws: Workspace, tmp_path: Path, monkeypatch):
    certificate, key = certificates.own(ws, [])
    other = Workspace(tmp_path / "other")
    certificates.own(other, [])
    (tmp_path / "text").write_text("hello")

    for pair, said in [
        ((certificate, tmp_path / "none"), "there is no file"),
        ((certificate, certificates.key_of(other)), "belongs to another certificate"),
        ((certificate, None), "only one of them was named"),
        ((tmp_path / "text", key), "no certificate and key as text"),
        ((certificate, certificate), "no certificate and key as text"),
    ]:
        with pytest.raises(UserError, match=said):
            certificates.check(*pair)
    now = certificates._now
    monkeypatch.setattr(certificates, "_now", lambda: now() + timedelta(days=certificates.DAYS + 1))
    with pytest.raises(UserError, match="it ended on 20"):
        certificates.check(certificate, key)


def test_the_server_is_told_where_both_lie_and_nothing_where_nobody_asked(ws, tmp_path):
    assert not [flag for flag in serving._flags(options(ws)) if "ssl" in flag]
    own = serving._flags(options(ws, https=True))
    assert f"--server.sslCertFile={ws.certificate}" in own
    assert f"--server.sslKeyFile={certificates.key_of(ws)}" in own

    mine = Workspace(tmp_path / "mine")
    certificates.own(mine, [])
    given = serving._flags(options(ws, cert=mine.certificate, key=certificates.key_of(mine)))
    assert f"--server.sslCertFile={mine.certificate}" in given
    with pytest.raises(UserError, match="only one of them was named"):
        serving._flags(options(ws, cert=mine.certificate))


def test_the_window_shows_the_fingerprint_of_our_own_alone(ws, tmp_path):
    certificate, _ = certificates.own(ws, [])
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    digest = loaded.fingerprint(hashes.SHA256())
    shown = greeting.lines(["https://10.0.0.5:8501/"], "", ws.root, str(certificate))

    assert shown[-1].strip() == digest.hex(":").upper()
    other = greeting.lines(["https://10.0.0.5:8501/"], "", ws.root, str(tmp_path / "given.pem"))
    assert other == ["  Thaw is open at https://10.0.0.5:8501/"]
