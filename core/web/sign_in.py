"""The access code: who has shown it comes in, everybody else meets a form that asks for it."""

from html import escape

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from core import words
from core.classroom import codes
from core.web import access, attempts, forms


class AccessCode:
    """Lets in who has shown the access code; everybody else meets a form that asks for it."""

    def __init__(self, app: ASGIApp, *, code: str, key: str, base: str = "") -> None:
        self.app = app
        self._code, self._key = code, key
        self._home = f"/{base.strip('/')}/".replace("//", "/")
        self._attempts = attempts.Attempts()

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
        given = await forms.read_fields(request)
        if not codes.same_code(given.get("code", ""), self._code):
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


def _form(request: Request, *, home: str, status: int) -> Response:
    language = forms.reader_language(request)
    wrong = {
        403: words.mark("That is not the code. Look at the window where Thaw was started."),
        429: words.mark("Too many wrong codes. Wait a minute, then try again."),
    }.get(status, "")
    texts = (
        words.mark("Access code"),
        words.mark("This Thaw is open to a network. Type the code that was printed at its start."),
        words.mark("Open"),
    )
    title, lead, button = (forms.text(text, language) for text in texts)
    body = _FORM.format(
        title=title,
        lead=lead,
        button=button,
        home=escape(home),
        wrong=forms.text(wrong, language),
    )
    return forms.page(body, language=language, status=status)


_FORM = """<form method="post" action="{home}sign-in"><h1>Thaw</h1><p>{lead}</p>
<label for="code">{title}</label><input id="code" name="code" class="code" required autofocus
autocomplete="off" maxlength="200"><p role="alert">{wrong}</p><button>{button}</button></form>"""
