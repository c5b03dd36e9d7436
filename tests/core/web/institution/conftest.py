"""An app behind the door of an institution, which tells in whose workspace it is asked."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from core.classroom.folder import ACCOUNTS, ClassFolder, folder_in
from core.institution.records import Institution, Listed, TrustedProxy
from core.web import access, middleware
from core.workspace import Workspace

PROXY = TrustedProxy(
    addresses=("10.0.0.5/32", "fd00::5/128"),
    user="x-user",
    name="x-name",
    address="x-mail",
    groups="x-groups",
    leave="https://sso.example/out",
)
BEHIND = Institution(title="Northfield", teachers=Listed(groups=("staff",)), proxy=PROXY)
OPEN_ID = replace(BEHIND, proxy=None)


@pytest.fixture
def room(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> ClassFolder:
    monkeypatch.setenv(ACCOUNTS, "/settings.toml")
    ws.root.mkdir()
    return folder_in(ws.root)


@pytest.fixture
def visitor(room: ClassFolder) -> Callable[..., TestClient]:
    """Give a function that makes a browser, at an address, before an app."""

    def make(
        institution: Institution = BEHIND, *, address: str = "10.0.0.5", login=None, base: str = ""
    ) -> TestClient:
        app = app_of(room, institution, login, base)
        return TestClient(app, "http://thaw.school", follow_redirects=False, client=(address, 1))

    return make


def app_of(room: ClassFolder, institution: Institution, login=None, base: str = "") -> Starlette:
    def whose(cookies) -> str:
        return access.open_workspace(cookies, room.teacher.root).root.name

    async def socket(websocket):
        await websocket.accept()
        await websocket.send_text(whose(websocket.cookies))
        await websocket.close()

    def inside(request: Request) -> PlainTextResponse:
        if request.url.path.endswith("_stcore/health"):
            return PlainTextResponse("ok")
        return PlainTextResponse(whose(request.cookies))

    root = room.teacher.root
    return Starlette(
        routes=[
            WebSocketRoute("/{path:path}", socket),
            Route("/{path:path}", inside, methods=["GET", "POST", "PUT", "DELETE"]),
        ],
        middleware=middleware.for_institution(root, institution, login=login, base=base),
    )
