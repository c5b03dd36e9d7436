"""What is believed of who asks: a cookie that was signed here, or the header of a proxy."""

import hashlib
import ipaddress
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import Scope

from core.institution import identities
from core.institution.records import Claims, Institution, TrustedProxy

MOST_SIGNS = 255  # of a subject; OpenID Connect has no longer ones
MOST_GROUPS = 1_000
SLACK = 300  # seconds that the clock of a provider may be ahead


@dataclass(frozen=True, slots=True)
class OpenIdConnect:
    """What the app knows of its providers, and of the cookie that Streamlit signs."""

    clients: Mapping[str, str]  # the name of each provider, and as whom it knows this app
    cookie: str  # its name
    payload: Callable[[Mapping[str, str]], Mapping[str, Any] | None]  # what was signed in it
    is_signed: Callable[[Mapping[str, str]], bool]  # by a key of the provider: `none` is not
    is_secure: bool  # whether this app is reached by https alone
    address: Callable[[str], str]  # at which signing in with a provider begins


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, once, and until when that counts."""

    claims: Claims
    sign_in: str  # its name; empty: each request is vouched for anew
    until: float  # seconds since the epoch


def by_cookie(
    cookies: Mapping[str, str], login: OpenIdConnect, institution: Institution
) -> SignedIn | None:
    """Read who signed in, of a cookie; None for one that is forged, for another app, or too old."""
    payload = login.payload(cookies)
    if payload is None:
        return None
    claims = _of_token(payload, login.clients, institution)
    if claims is None:
        return None
    until = claims.at + institution.hours * 3600
    if not claims.at - SLACK <= time.time() <= until:
        return None
    whole = json.dumps(payload, sort_keys=True)  # with the nonce, that of this sign-in alone
    return SignedIn(claims, hashlib.sha256(whole.encode()).hexdigest()[:24], until)


def _of_token(
    payload: Mapping[str, Any], clients: Mapping[str, str], institution: Institution
) -> Claims | None:
    """Read the claims of a token whose signature was looked at when it came."""
    provider = payload.get("provider")
    if not isinstance(provider, str) or provider not in clients:  # one that is trusted no more
        return None
    heard = payload.get("aud")
    if clients[provider] not in (heard if isinstance(heard, list) else [heard]):
        return None
    issuer, subject = _name(payload.get("iss")), _name(payload.get("sub"))
    issued = payload.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return None
    if not issuer or not subject:
        return None
    is_verified = payload.get("email_verified") in (True, "true") or institution.unverified
    groups = payload.get(institution.claim)
    listed = groups if isinstance(groups, list) else [groups]
    return Claims(
        issuer=issuer,
        subject=subject,
        provider=provider,
        name=_text(payload.get("name")) or _text(payload.get("preferred_username")),
        address=_address(payload.get("email")) if is_verified else "",
        groups=tuple(group for group in listed[:MOST_GROUPS] if isinstance(group, str)),
        at=float(issued),
    )


def by_header(scope: Scope, institution: Institution) -> SignedIn | None:
    """Read whom a proxy names; None where it names nobody, or it is not that proxy that asks.

    A header that came twice names nobody: one of them may be of the browser.
    """
    proxy = institution.proxy
    if proxy is None or not is_proxy(scope, proxy):
        return None
    values: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").lower()
        if name in values:
            return None
        if name in proxy.headers:  # others, such as ``via``, may well come twice
            values[name] = _decoded(value)
    subject = _name(values.get(proxy.user))
    if not subject:
        return None
    claims = Claims(
        issuer="proxy",
        subject=subject,
        name=_text(values.get(proxy.name)) or subject,
        address=_address(values.get(proxy.address)),
        groups=tuple(group.strip() for group in values.get(proxy.groups, "").split(",")),
        at=time.time(),
    )
    return SignedIn(claims, "", claims.at + institution.hours * 3600)


def is_proxy(scope: Scope, proxy: TrustedProxy) -> bool:
    """Tell whether it is the proxy that asks: by the address of the connection, no header's."""
    try:
        address = ipaddress.ip_address((scope.get("client") or ("",))[0].partition("%")[0])
    except ValueError:
        return False
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in ipaddress.ip_network(network) for network in proxy.addresses)


def with_cookie(scope: Scope, name: str, value: str) -> Scope:
    """Give the same request with one cookie more, in place of what came under its name."""
    parts = [
        part.strip()
        for key, line in scope["headers"]
        if key.lower() == b"cookie"
        for part in line.split(b";")
    ]
    kept = [part for part in parts if part and part.partition(b"=")[0].strip() != name.encode()]
    kept += [f"{name}={value}".encode()] if value else []
    headers = [(key, line) for key, line in scope["headers"] if key.lower() != b"cookie"]
    return {**scope, "headers": [*headers, *([(b"cookie", b"; ".join(kept))] if kept else [])]}


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _name(value: object) -> str:
    """Give what identifies somebody as it is; empty where it could be mistaken for another."""
    if not isinstance(value, str) or value != value.strip() or not value.isprintable():
        return ""
    return value if len(value) <= MOST_SIGNS else ""


def _text(value: object) -> str:
    return value[:MOST_SIGNS] if isinstance(value, str) else ""


def _address(value: object) -> str:
    text = identities.spelt(value) if isinstance(value, str) else ""
    name, _, domain = text.partition("@")
    return text if name and domain and "@" not in domain else ""
