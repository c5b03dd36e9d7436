"""The access code: who has shown it comes in, everybody else meets a form that asks for it."""

import asyncio
from html import escape
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from core import words
from core.web import access

LANGUAGE_COOKIE = "thaw_lang"
_MOST_BYTES = 2_000  # of a form with one short field
_PATIENCE = 10.0  # seconds for it to arrive


class AccessCode:
    """Lets in who has shown the access code; everybody else meets a form that asks for it."""

    def __init__(self, app: ASGIApp, *, code: str, key: str, base: str = "") -> None:
        self.app = app
        self._code, self._key = code, key
        self._home = f"/{base.strip('/')}/".replace("//", "/")
        self._attempts = access.Attempts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._admitted(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            await (await self._answer(Request(scope, receive)))(scope, receive, send)

    def _admitted(self, scope: Scope) -> bool:
        if scope["path"] == f"{self._home}_stcore/health":
            return True
        cookie = HTTPConnection(scope).cookies.get(access.COOKIE)
        return access.workspace_name(cookie, self._key) is not None

    async def _answer(self, request: Request) -> Response:
        if request.method == "POST" and request.url.path == f"{self._home}sign-in":
            return await self._sign_in(request)
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return _form(request, home=self._home, status=401)
        return PlainTextResponse("An access code is needed.", status_code=401)

    async def _sign_in(self, request: Request) -> Response:
        """Count the attempt before anything of it is read; only the right code is taken back."""
        client = request.client.host if request.client else ""
        if not self._attempts.begin(client):
            return _form(request, home=self._home, status=429)
        if not access.same_code(await _given(request), self._code):
            return _form(request, home=self._home, status=403)
        self._attempts.succeeded(client)
        answer = RedirectResponse(self._home, status_code=303)
        answer.set_cookie(
            access.COOKIE,
            access.sign(access.DEFAULT_WORKSPACE, self._key),
            max_age=access.DAYS_REMEMBERED * 86400,
            path=self._home,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer


async def _given(request: Request) -> str:
    """Read the code of a form; what is too long, too slow or no form at all holds none."""
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > _MOST_BYTES:
                    return ""
        return parse_qs(body.decode())["code"][0]
    except (TimeoutError, ClientDisconnect, ValueError, KeyError):
        return ""


def _form(request: Request, *, home: str, status: int) -> Response:
    asked = request.cookies.get(LANGUAGE_COOKIE) or request.headers.get("accept-language")
    language = words.closest_language(asked)
    wrong = {
        403: words.mark("That is not the code. Look at the window where Thaw was started."),
        429: words.mark("Too many wrong codes. Wait a minute, then try again."),
    }.get(status, "")
    texts = (
        words.mark("Access code"),
        words.mark("This Thaw is open to a network. Type the code that was printed at its start."),
        words.mark("Open"),
    )
    title, lead, button = (escape(words.translate(text, language)) for text in texts)
    page = _PAGE.format(
        language=language.replace("_", "-"),
        title=title,
        lead=lead,
        button=button,
        home=escape(home),
        wrong=escape(words.translate(wrong, language)),
    )
    return HTMLResponse(page, status_code=status, headers={"cache-control": "no-store"})


_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Thaw</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>
:root{{color-scheme:light dark}}body{{font-family:system-ui,sans-serif;display:grid;
place-items:center;min-height:90vh;margin:1rem}}form{{max-width:22rem;display:grid;gap:.8rem}}
input,button{{font:inherit;padding:.6rem .8rem;border-radius:.5rem;border:1px solid #8aa}}
input{{letter-spacing:.15em;text-transform:uppercase}}
button{{background:#0b7285;color:#fff;border:0}}[role=alert]{{color:#c92a2a;margin:0}}</style>
<form method="post" action="{home}sign-in"><h1>Thaw</h1><p>{lead}</p>
<label for="code">{title}</label><input id="code" name="code" required autofocus
autocomplete="off" maxlength="200"><p role="alert">{wrong}</p><button>{button}</button></form>
"""
