"""ASGI middleware around every page and route: host names, language, safe headers."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from core import words
from core.classroom import folder
from core.institution.records import Institution
from core.web import access
from core.web.forms import LANGUAGE_COOKIE
from core.web.institution.believed import OpenIdConnect
from core.web.institution.door import InstitutionDoor
from core.web.joining import ClassDoor
from core.web.sign_in import AccessCode

_SAFE = ("GET", "HEAD", "OPTIONS")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_HEADERS = {
    "content-security-policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # charts compile expressions
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob: mediastream:",
            "connect-src 'self' blob: data:",  # no call leaves this machine
            "worker-src 'self' blob:",
            "frame-src 'self' blob: data:",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
}


def guards(
    root: Path, *, address: str | None, code: str, base: str = "", hosts: Sequence[str] = ()
) -> list[Middleware]:
    """Give the middleware for one person alone, or for a class where one comes in."""
    if folder.is_open():
        return for_class(root, teacher_code=code, base=base, hosts=hosts)
    key = access.secret(root)
    return middleware(address=address, code=code, key=key, base=base, hosts=hosts)


def middleware(
    *, address: str | None, code: str, key: str, base: str = "", hosts: Sequence[str] = ()
) -> list[Middleware]:
    """Give the middleware for an app bound to an address; a code guards all but this machine.

    Raises ValueError where there is neither a code nor an address of this machine.
    """
    outer = _outer(hosts)
    if code:
        return [*outer, Middleware(AccessCode, code=code, key=key, base=base)]
    if access.is_loopback(address):
        return [*outer, Middleware(KnownHosts, hosts=(*_LOOPBACK_NAMES, *hosts))]
    raise ValueError("an app bound beyond this machine needs an access code")


def for_class(
    root: Path, *, teacher_code: str, base: str = "", hosts: Sequence[str] = ()
) -> list[Middleware]:
    """Give the middleware for an app that is open to a class: who has joined comes in."""
    door = Middleware(ClassDoor, root=root, teacher_code=teacher_code, base=base)
    return [*_outer(hosts), door]


def for_institution(
    root: Path,
    institution: Institution,
    *,
    login: OpenIdConnect | None,
    base: str = "",
    hosts: Sequence[str] = (),
) -> list[Middleware]:
    """Give the middleware for an app that people of an institution sign in to."""
    door = Middleware(InstitutionDoor, root=root, institution=institution, login=login, base=base)
    return [*_outer(hosts), door]


def _outer(hosts: Sequence[str]) -> list[Middleware]:
    return [
        Middleware(SafeHeaders),
        Middleware(RememberLanguage),
        Middleware(SameOrigin, hosts=hosts),
    ]


def language_asked(text: str) -> str:
    """Read a language from an address: its code, or its own name; empty for any other text."""
    names = {name: code for code, name in words.LANGUAGES.items()}
    code = names.get(text) or text.replace("-", "_")
    return code if code in words.LANGUAGES else "zh_CN" if code.lower().startswith("zh") else ""


class SafeHeaders:
    """Adds the headers that keep other sites out of our pages and our pages to themselves."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_safe)


class RememberLanguage:
    """Keeps the language of the address bar in a cookie, for links that do not name one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"), errors="replace")
        language = language_asked(query.get("lang", [""])[0])

        async def send_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and language:
                cookie = f"{LANGUAGE_COOKIE}={language}; path=/; max-age=31536000; samesite=lax"
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self.app(scope, receive, send_cookie)


class SameOrigin:
    """Refuses what another site's page sends: its web sockets, and anything that changes things."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not self._same(scope):
            await WebSocketClose(code=1008)(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] not in _SAFE and not self._same(scope):
            answer = PlainTextResponse("Another site may not do this.", status_code=403)
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _same(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        try:
            origin = urlsplit(headers.get("origin", ""))
        except ValueError:  # no address at all
            return False
        if "origin" not in headers or origin.netloc == headers.get("host"):
            return True
        return (origin.hostname or "") in self._hosts


class KnownHosts:
    """Refuses a foreign host name: a web site that points its own name at this machine."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._known(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            answer = PlainTextResponse("This host name is not served here.", status_code=421)
            await answer(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        host = Headers(scope=scope).get("host", "").lower()
        name = host[: host.rfind("]") + 1] if host.startswith("[") else host.partition(":")[0]
        return name in self._hosts
