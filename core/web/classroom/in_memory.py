"""Files that a widget of Streamlit takes into memory: in a class each has a share of it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core.web import access

PATH = "_stcore/upload_file/"
MOST_OF_FILE = 40 * 2**20 + 2**16  # bytes, as the ingest holds pictures to; and what frames them
MOST_OF_ONE = 100 * 2**20  # of one person, in all windows
MOST_OF_ALL = 600 * 2**20
Held = Callable[[], Mapping[str, int]]  # gives the bytes that lie in memory, by session


class FairMemory:
    """Refuses a file for which there is no place in memory; nothing of it is read."""

    def __init__(self, app: ASGIApp, *, root: Path, held: Held, base: str = "") -> None:
        self.app = app
        self._root, self._held = root, held
        self._start = f"/{base.strip('/')}/".replace("//", "/") + PATH
        self._owners: dict[str, str] = {}  # whose a session is that holds files
        self._arriving: dict[object, tuple[str, int]] = {}  # who sends how many bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "PUT" and self._is_file(scope):
            await self._put(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_file(self, scope: Scope) -> bool:
        return bool(scope["path"].startswith(self._start))

    async def _put(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = Headers(scope=scope).get("content-length", "")
        person = access.person_of(HTTPConnection(scope).cookies, self._root)
        session = scope["path"].removeprefix(self._start).partition("/")[0]
        mine, arriving = person.id if person else "", object()
        if not length.isdecimal() or not self._fits(session, mine, int(length)):
            answer = PlainTextResponse("No room for this file.", status_code=413)
            await answer(scope, receive, send)
            return
        self._arriving[arriving] = mine, int(length)
        try:
            await self.app(scope, receive, send)
        finally:
            del self._arriving[arriving]

    def _fits(self, session: str, person: str, num_bytes: int) -> bool:
        held = self._held()
        self._owners = {name: who for name, who in self._owners.items() if name in held}
        self._owners[session] = person
        coming = list(self._arriving.values())
        mine = sum(size for name, size in held.items() if self._owners.get(name) == person)
        mine += sum(size for who, size in coming if who == person)
        everything = sum(held.values()) + sum(size for _, size in coming)
        return (
            num_bytes <= MOST_OF_FILE
            and mine + num_bytes <= MOST_OF_ONE
            and everything + num_bytes <= MOST_OF_ALL
        )
