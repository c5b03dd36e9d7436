"""Upload bodies as they arrive: behind a valid ticket only, a few at a time, and none for ever."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request

from core.classroom.folder import class_of
from core.web import uploads
from core.web.uploads import RefusedError
from core.workspace import Workspace

MOST_AT_ONCE = 16  # bodies in memory, of 8 MB as the page sends them, of 20 at most
MOST_OF_ONE = 6  # requests with one ticket, or of one pupil, those that wait included
SECONDS_TO_WAIT = 120.0  # for a slot among them
SECONDS_STILL = 30.0  # without a byte
SECONDS = 600.0  # for a body


@dataclass(slots=True)
class Gate:
    """Lets in whose ticket is valid; one per server. What it refuses was never read."""

    key: str
    seconds_still: float = SECONDS_STILL
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    _open: Counter[str] = field(default_factory=Counter)

    async def body(self, ws: Workspace, request: Request, given: str) -> bytes:
        """Read the body of an upload. Raises `RefusedError` for one that may not, or does not,
        arrive.
        """
        ingest_id = uploads.ingest_of(given, self.key)
        if not uploads.is_open(ws, ingest_id):
            raise RefusedError(410, "this upload was ended")
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > uploads.MAX_BODY_BYTES:
            raise _too_large()
        room = class_of(ws)
        with self._counted(ws.root.name if room else ingest_id):
            async with self._slot():
                return await read(
                    request, most_bytes=uploads.MAX_BODY_BYTES, seconds_still=self.seconds_still
                )

    @contextmanager
    def _counted(self, ingest_id: str) -> Iterator[None]:
        if self._open[ingest_id] >= MOST_OF_ONE:
            raise RefusedError(503, "too many requests of one upload at once")
        self._open[ingest_id] += 1
        try:
            yield
        finally:
            self._open[ingest_id] -= 1
            self._open += Counter()  # forgets those at zero

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(SECONDS_TO_WAIT):
                await self._slots.acquire()
        except TimeoutError:
            raise RefusedError(503, "too many uploads at once") from None
        try:
            yield
        finally:
            self._slots.release()


async def read(request: Request, *, most_bytes: int, seconds_still: float) -> bytes:
    """Read a body. Raises `RefusedError` for one that is too large, or does not arrive."""
    body, now = bytearray(), asyncio.get_running_loop().time
    end = now() + SECONDS
    try:
        async with asyncio.timeout_at(now() + seconds_still) as limit:
            async for chunk in request.stream():
                body += chunk
                if len(body) > most_bytes:
                    raise _too_large()
                limit.reschedule(min(end, now() + seconds_still))
    except (TimeoutError, ClientDisconnect):
        raise RefusedError(503, "a body that does not arrive") from None
    return bytes(body)


def _too_large() -> RefusedError:
    return RefusedError(413, "a body that is too large")
