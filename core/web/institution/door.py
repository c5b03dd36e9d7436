"""The door of an institution: who has signed in comes in, and nobody else sees anything.

Signing in itself is Streamlit's (`st.login`): its routes below ``auth/``, with what `[auth]` in
secrets.toml says. Who came in has, for all that lies behind this door, the cookie of a class.
"""

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from core.classroom import audit, people
from core.classroom.folder import folder_in
from core.errors import UserError
from core.institution import admission, identities
from core.institution.admission import Admitted, Reason, TurnedAwayError
from core.institution.records import Institution
from core.records.classroom import ActKind
from core.web import access
from core.web.institution import believed, entrance
from core.web.institution.believed import OpenIdConnect, SignedIn
from core.web.institution.held import HeldAnswer

_LOG = logging.getLogger(__name__)
_BEGIN, _RETURN, _END = "auth/login", "oauth2callback", "auth/logout"  # Streamlit's
_THEIRS = (_BEGIN, _RETURN, _END)
_OURS = ("sign-in", "leave")
_FROM_BEFORE = ("join", "return", *_OURS)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks: somebody who came in, or who has signed in and is refused, or a stranger."""

    signed: SignedIn | None = None
    admitted: Admitted | None = None
    refused: TurnedAwayError | None = None


class InstitutionDoor:
    """Lets in who has signed in and may; everybody else meets the page on which one signs in."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        root: Path,
        institution: Institution,
        login: OpenIdConnect | None,
        base: str = "",
    ) -> None:
        self.app = app
        self._root, self._room, self._key = root, folder_in(root), access.secret(root)
        self._institution, self._login = institution, login
        self._home = f"/{base.strip('/')}/".replace("//", "/")
        names = sorted(login.clients) if login else []
        self._entrance = entrance.Entrance(self._home, institution, names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(self._home)
        if path == "_stcore/health" and scope["type"] == "http":
            await self.app(believed.with_cookie(scope, access.PERSON_COOKIE, ""), receive, send)
            return
        visit = await self._visit(scope)
        if scope["type"] == "http" and (path in _FROM_BEFORE or path in _THEIRS):
            await self._at_the_door(path, visit, scope, receive, send)
        elif visit.admitted is not None and visit.signed is not None:
            await self.app(self._inside(scope, visit.admitted, visit.signed), receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            await self._outside(Request(scope, receive), visit)(scope, receive, send)

    async def _visit(self, scope: Scope) -> Visit:
        """Look who asks; in a thread only for the first time, when a workspace is made."""
        signed = self._signed(scope)
        if signed is None or self._room.identity(identities.key_of(signed.claims)).exists():
            return self._admit(signed)
        return await run_in_threadpool(self._admit, signed)

    def _signed(self, scope: Scope) -> SignedIn | None:
        if self._login is None:
            return believed.by_header(scope, self._institution)
        cookies = HTTPConnection(scope).cookies
        return believed.by_cookie(cookies, self._login, self._institution)

    def _by_cookie(self, cookies: Mapping[str, str]) -> Visit:
        assert self._login is not None
        return self._admit(believed.by_cookie(cookies, self._login, self._institution))

    def _admit(self, signed: SignedIn | None) -> Visit:
        if signed is None:
            return Visit()
        try:
            found = admission.admit(self._room, self._institution, signed.claims)
        except TurnedAwayError as error:
            return Visit(signed, refused=error)
        except (OSError, UserError):  # a full disk, a damaged file
            _LOG.error("Somebody could not be let in.\n%s", traceback.format_exc())
            return Visit(signed, refused=TurnedAwayError(Reason.TROUBLE))
        if signed.sign_in and signed.sign_in in found.person.left:
            return Visit()  # that sign-in has ended, whatever cookie is left of it
        return Visit(signed, found)

    def _inside(self, scope: Scope, found: Admitted, signed: SignedIn) -> Scope:
        """Name who came in for all that lies behind; what a browser sent under that name goes."""
        cookie = access.sign_person(
            found.person.id, self._key, sign_in=_sign_in(found, signed), until=signed.until
        )
        return believed.with_cookie(scope, access.PERSON_COOKIE, cookie)

    def _outside(self, request: Request, visit: Visit) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return self._entrance.page(request, visit.refused.reason if visit.refused else None)
        return PlainTextResponse("Sign in first.", status_code=403 if visit.refused else 401)

    async def _at_the_door(
        self, path: str, visit: Visit, scope: Scope, receive: Receive, send: Send
    ) -> None:
        request = Request(scope, receive)
        if path in _THEIRS and self._passes(path, visit, request):
            await self._pass(path, visit, scope, receive, send)
            return
        if path == "leave" and visit.admitted is not None and visit.signed is not None:
            answer = await self._leave(request, visit.admitted, visit.signed)
        elif path == "sign-in" and visit.admitted is None and self._login is not None:
            answer = self._begin(request)
        elif path == _END and visit.admitted is not None:
            answer = RedirectResponse(f"{self._home}leave", status_code=303)
        elif visit.admitted is None and path not in _THEIRS:
            answer = self._outside(request, visit)
        else:
            answer = RedirectResponse(self._home, status_code=303)
        await answer(scope, receive, send)

    def _passes(self, path: str, visit: Visit, request: Request) -> bool:
        """Tell whether Streamlit is to answer; who is in signs out by our own page first."""
        if self._login is None or request.method != "GET":
            return False
        return visit.admitted is None or path == _RETURN

    def _begin(self, request: Request) -> Response:
        """Lead to the provider, by an address that is good for two minutes."""
        assert self._login is not None
        names = sorted(self._login.clients)
        chosen = request.query_params.get("with", names[0])
        if request.method != "GET" or chosen not in names:
            return RedirectResponse(self._home, status_code=303)
        return RedirectResponse(self._login.address(chosen), status_code=303)

    async def _leave(self, request: Request, found: Admitted, signed: SignedIn) -> Response:
        if request.method != "POST":
            return self._entrance.leaving(request, found.person)
        await run_in_threadpool(self._end, found, signed)
        if self._login is None:
            return self._entrance.left(
                request, self._institution.proxy.leave if self._institution.proxy else ""
            )
        return self._entrance.left(request, f"{self._home}{_END}")

    def _end(self, found: Admitted, signed: SignedIn) -> None:
        people.leave(self._room, found.person, _sign_in(found, signed))
        if not signed.sign_in:
            identities.count_leave(self._room, found.key)

    async def _pass(
        self, path: str, visit: Visit, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Have Streamlit answer, and put into a sentence what went wrong with the provider."""
        heard = HeldAnswer()
        stranger = believed.with_cookie(scope, access.PERSON_COOKIE, "")
        try:
            await self.app(stranger, receive, heard.send)
        except Exception:
            _LOG.error("Signing in failed.\n%s", traceback.format_exc())
            heard = HeldAnswer()
        request = Request(scope, receive)
        failed = not heard.messages or heard.status >= 400
        if path == _RETURN and not failed:
            failed = await self._came_back_in_vain(request, heard)
        if failed and visit.admitted is not None:  # went back in the browser, and is still in
            await RedirectResponse(self._home, status_code=303)(scope, receive, send)
            return
        if failed:
            away = path != _RETURN
            answer = self._entrance.failed(request, is_away=away, cookies=heard.cookies)
            await answer(scope, receive, send)
            return
        if self._login is not None and self._login.is_secure:
            heard.close_cookies()
        for message in heard.messages:
            await send(message)

    async def _came_back_in_vain(self, request: Request, heard: HeldAnswer) -> bool:
        """Tell whether somebody came back from the provider and has not signed in; write down who.

        After signing out one comes back, too, with nothing in the address.
        """
        assert self._login is not None
        given = heard.given_cookies
        if self._login.cookie in given and not self._login.is_signed(given):
            heard.forget_cookies()
            return True
        visit = await run_in_threadpool(self._by_cookie, given)
        if visit.admitted is not None:
            audit.log_in(self._room, visit.admitted.person.id, ActKind.SIGN_IN)
        elif visit.refused is not None:
            audit.log_in(self._room, "", ActKind.REFUSED)
        else:
            return bool(request.query_params)
        return False


def _sign_in(found: Admitted, signed: SignedIn) -> str:
    """Name what ends with a leave: one sign-in, or all that a proxy has vouched for until then."""
    return signed.sign_in or f"{found.key[:24]}-{found.leaves}"
