"""A small OpenID Connect provider for tests: the code flow, keys, nonce, and what goes wrong.

`python -m tests.oidc_provider PORT` starts one to look at, with `ada` and the teacher `grace`.
"""

import json
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "thaw", "secret-of-thaw"


@dataclass
class Provider:
    """What it says of people, and what a test may have it do wrong."""

    port: int = 0
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    next_login: str = ""  # who is signed in there; empty: asks
    twist: Callable[[dict[str, Any]], Mapping[str, Any]] = dict  # of the claims of a token
    signed: Callable[["Provider", dict[str, Any]], str] | None = None  # in place of its own key
    error: str = ""  # that it leads back with
    is_away: bool = False
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    algorithms: tuple[str, ...] = ("RS256",)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": list(self.algorithms),
            "code_challenge_methods_supported": ["S256"],
        }

    def token(self, given: Mapping[str, str]) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300,
                  "nonce": given["nonce"], **self.people[given["who"]]}  # fmt: skip
        claims = dict(self.twist(claims))
        sign = self.signed or rs256
        return {"access_token": "a", "token_type": "Bearer", "id_token": sign(self, claims)}


def rs256(provider: Provider, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, provider.key)


def strange_key(_provider: Provider, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, RSAKey.generate_key(2048))


def unsigned(_provider: Provider, claims: dict[str, Any]) -> str:
    registry = jws.JWSRegistry(algorithms=["none"])
    text = json.dumps(claims).encode()
    return jws.serialize_compact(
        {"alg": "none"}, text, OctKey.import_key("x" * 32), registry=registry
    )


def public_key_as_secret(provider: Provider, claims: dict[str, Any]) -> str:
    key = OctKey.import_key(provider.key.as_pem(private=False))
    return jwt.encode({"alg": "HS256", "kid": "k1"}, claims, key, algorithms=["HS256"])


class _Answers(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if self.provider.is_away:
            self._send(503, "text/plain", b"away")
        elif url.path == "/.well-known/openid-configuration":
            self._json(self.provider.metadata())
        elif url.path == "/jwks":
            self._json({"keys": [self.provider.key.as_dict(private=False)]})
        elif url.path == "/logout":
            self._lead(query["post_logout_redirect_uri"])
        else:
            self._authorize(query)

    def _authorize(self, query: dict[str, str]) -> None:
        provider, back = self.provider, query["redirect_uri"]
        who = query.get("who") or provider.next_login
        if provider.error:
            self._lead(f"{back}?{urlencode({'error': provider.error, 'state': query['state']})}")
        elif not who:
            links = [
                f'<a href="{self.path}&who={quote(name)}">{name}</a>' for name in provider.people
            ]
            self._send(200, "text/html", "<br>".join(links).encode())
        else:
            code = secrets.token_urlsafe(9)
            provider.codes[code] = {"who": who, **query}
            self._lead(f"{back}?{urlencode({'code': code, 'state': query['state']})}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        given = self.provider.codes.pop(fields.get("code", ""), None)  # once
        if given is None or given["redirect_uri"] != fields["redirect_uri"]:
            self._json({"error": "invalid_grant"}, 400)
        else:
            self._json(self.provider.token(given))

    def _lead(self, address: str) -> None:
        self.send_response(302)
        self.send_header("location", address)
        self.send_header("content-length", "0")
        self.end_headers()

    def _json(self, value: object, status: int = 200) -> None:
        self._send(status, "application/json", json.dumps(value).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def running(port: int = 0) -> Iterator[Provider]:
    """Serve a provider on this machine, with two people."""
    provider = Provider()
    provider.people = {
        "ada": {"sub": "1", "name": "Ada", "email": "ada@school.example", "email_verified": True},
        "grace": {"sub": "2", "name": "Grace", "groups": ["staff"]},
    }
    answers = type("Answers", (_Answers,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", port), answers)
    server.daemon_threads = True
    provider.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def secrets_toml(provider: Provider, address: str, *, section: str = "auth") -> str:
    """Give the file by which Streamlit knows it."""
    shared = (
        f'redirect_uri = "{address}/oauth2callback"\ncookie_secret = "{secrets.token_hex(32)}"\n'
    )
    named = "" if section == "auth" else f"[{section}]\n"
    return (
        f"[auth]\n{shared}{named}"
        f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        f'server_metadata_url = "{provider.issuer}/.well-known/openid-configuration"\n'
    )


if __name__ == "__main__":
    with running(int(sys.argv[1])) as started:
        print(started.issuer, flush=True)
        threading.Event().wait()
