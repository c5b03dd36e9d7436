"""The door of a class: a join code and a nickname let in, or a code of one's own.

Who is in has a signed cookie that no script reads and no other site's page can send.
"""

import secrets
from html import escape
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from core import words
from core.classroom import audit, codes, hour, people
from core.classroom.folder import TEACHER, folder_in
from core.errors import UserError
from core.records.classroom import ActKind, Person
from core.web import access, attempts, forms
from core.web.classroom import phones, shared_run
from core.words import mark

GUEST_COOKIE = "thaw_guest"  # tells browsers behind one address apart while they try codes
MOST_OF_ADDRESS = 30  # wrong codes in a minute: a school may have one address for all
_WRONG_JOIN = mark("That is not the join code. Your teacher shows it.")
_WRONG_OWN = mark("That is nobody's code. Ask your teacher, who sees yours.")
_TOO_MANY = mark("Too many wrong codes. Wait a minute, then try again.")


class ClassDoor:
    """Lets in who has joined; everybody else meets the page on which one joins."""

    def __init__(self, app: ASGIApp, *, root: Path, teacher_code: str, base: str = "") -> None:
        self.app = app
        self._root, self._room, self._teacher_code = root, folder_in(root), teacher_code
        self._home = f"/{base.strip('/')}/".replace("//", "/")
        self._of_browser = attempts.Attempts()
        self._of_address = attempts.Attempts(most_of_one=MOST_OF_ADDRESS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        person = access.person_of(HTTPConnection(scope).cookies, self._root)
        is_ours = scope["type"] == "http" and self._is_ours(scope["path"])
        if is_ours or (person is None and not self._is_for_all(scope)):
            await self._at_the_door(scope, receive, send, person)
        else:
            await self.app(scope, receive, send)

    def _is_ours(self, path: str) -> bool:
        return path.removeprefix(self._home) in ("join", "return", "leave")

    def _is_for_all(self, scope: Scope) -> bool:
        """Tell whether a stranger may ask: how the server is, a link to a run, a phone."""
        path = scope["path"]
        if scope["type"] != "http" or path == f"{self._home}_stcore/health":
            return bool(path == f"{self._home}_stcore/health")
        is_link = path.startswith(f"{self._home}{shared_run.PATH}")
        is_phone = path.startswith(f"{self._home}{phones.PATH}")
        return is_phone or (is_link and scope["method"] in ("GET", "HEAD"))

    async def _at_the_door(
        self, scope: Scope, receive: Receive, send: Send, person: Person | None
    ) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
            return
        request = Request(scope, receive)
        answer = await (self._outside(request) if person is None else self._inside(request, person))
        await answer(scope, receive, send)

    async def _inside(self, request: Request, person: Person) -> Response:
        """Answer who has joined: such a one can only leave."""
        if request.url.path != f"{self._home}leave":
            return RedirectResponse(self._home, status_code=303)
        if request.method != "POST":
            return _leave_page(request, person, self._home)
        await run_in_threadpool(access.leave, request.cookies, self._root)
        answer = RedirectResponse(self._home, status_code=303)
        answer.delete_cookie(access.PERSON_COOKIE, path=self._home)
        return answer

    async def _outside(self, request: Request) -> Response:
        verb = request.url.path.removeprefix(self._home)
        if request.method == "POST" and verb in ("join", "return"):
            return await self._try(request, verb)
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return self._page(request, {"code": request.query_params.get("code", "")}, status=401)
        return PlainTextResponse("Join the class first.", status_code=401)

    async def _try(self, request: Request, verb: str) -> Response:
        """Count the attempt before anything of it is read; only the right code is taken back."""
        address = request.client.host if request.client else ""
        browser = self._guest(request) or address
        if not (self._of_browser.begin(browser) and self._of_address.begin(address)):
            return self._page(request, {}, _TOO_MANY, status=429)
        fields = await forms.read_fields(request)
        try:
            person = await run_in_threadpool(self._admit, verb, fields)
        except UserError as error:  # the code was right, the nickname was not
            self._succeeded(browser, address)
            language = forms.reader_language(request)
            told = words.join(error.render(language).values(), language)
            return self._page(request, fields, told, status=422)
        if person is None:
            audit.log_in(self._room, "", ActKind.WRONG_CODE)
            wrong = _WRONG_JOIN if verb == "join" else _WRONG_OWN
            return self._page(request, fields if verb == "join" else {}, wrong, status=403)
        self._succeeded(browser, address)
        if verb == "return":
            audit.log_in(self._room, person.id, ActKind.RETURN)
        return self._welcome(request, person)

    def _succeeded(self, browser: str, address: str) -> None:
        self._of_browser.succeeded(browser)
        self._of_address.succeeded(address)

    def _admit(self, verb: str, fields: dict[str, str]) -> Person | None:
        """Give who comes in; None for a wrong code."""
        given = fields.get("code", "")
        if verb == "join":
            right = codes.same_code(given, people.settings(self._room).join_code)
            return self._join(fields.get("nickname", "")) if right else None
        if codes.same_code(given, self._teacher_code):
            return people.find(self._room, TEACHER)
        return people.with_code(self._room, given)

    def _join(self, nickname: str) -> Person:
        person = people.join(self._room, nickname)
        hour.welcome(self._room, person)
        return person

    def _welcome(self, request: Request, person: Person) -> Response:
        answer = RedirectResponse(self._home, status_code=303)
        answer.set_cookie(
            access.PERSON_COOKIE,
            access.sign_person(person.id, access.secret(self._root)),
            max_age=access.DAYS_REMEMBERED * 86400,
            path=self._home,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    def _guest(self, request: Request) -> str:
        """Read which browser asks, as long as it was us who named it."""
        try:
            return str(self._namer().loads(request.cookies.get(GUEST_COOKIE, "")))
        except BadSignature:
            return ""

    def _namer(self) -> URLSafeSerializer:
        return URLSafeSerializer(access.secret(self._root), salt="thaw-guest")

    def _page(
        self, request: Request, fields: dict[str, str], wrong: str = "", *, status: int
    ) -> Response:
        language = forms.reader_language(request)
        texts = {name: forms.text(text, language) for name, text in _TEXTS.items()}
        given = {name: escape(fields.get(name, "")[:100]) for name in ("code", "nickname")}
        alert = escape(words.translate(wrong, language))
        focus = ("", " autofocus") if given["code"] else (" autofocus", "")
        body = _JOIN.format(
            home=escape(self._home),
            wrong=alert,
            first=focus[0],
            second=focus[1],
            **texts,
            **given,
        )
        answer = forms.page(body, language=language, status=status)
        if not self._guest(request):
            named = self._namer().dumps(secrets.token_urlsafe(12))
            answer.set_cookie(
                GUEST_COOKIE,
                str(named),
                path=self._home,
                httponly=True,
                samesite="strict",
                secure=request.url.scheme == "https",
            )
        return answer


def _leave_page(request: Request, person: Person, home: str) -> Response:
    language = forms.reader_language(request)
    lead = mark("Leave on this device? Your work stays, and this code lets you in again:")
    if not person.code:
        lead = mark(
            "Leave on this device? Your work stays. The teacher's code stands in the window in "
            "which Thaw was started."
        )
    back = mark("Stay")
    body = _LEAVE.format(
        home=escape(home),
        lead=forms.text(lead, language),
        code=escape(person.code),
        leave=forms.text(mark("Leave"), language),
        back=forms.text(back, language),
    )
    return forms.page(body, language=language, status=200)


_TEXTS = {
    "lead": mark("Join the class with the code that your teacher shows."),
    "code_title": mark("Join code"),
    "name_title": mark("Nickname"),
    "join": mark("Join"),
    "again": mark("I have been here before, or I am the teacher"),
    "own_title": mark("Your own code"),
    "open": mark("Open"),
}
_JOIN = """<main><form method="post" action="{home}join"><h1>Thaw</h1><p>{lead}</p>
<p role="alert">{wrong}</p>
<label for="code">{code_title}</label><input id="code" name="code" class="code" required{first}
autocomplete="off" maxlength="100" value="{code}">
<label for="nickname">{name_title}</label><input id="nickname" name="nickname" required{second}
autocomplete="off" maxlength="200" value="{nickname}"><button>{join}</button></form>
<details><summary>{again}</summary><form method="post" action="{home}return">
<label for="own">{own_title}</label><input id="own" name="code" class="code" required
autocomplete="off" maxlength="100"><button>{open}</button></form></details></main>"""
_LEAVE = """<form method="post" action="{home}leave"><h1>Thaw</h1><p>{lead}</p>
<p class="code">{code}</p><button>{leave}</button><a href="{home}">{back}</a></form>"""
