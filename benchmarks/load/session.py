"""A page as a browser keeps it open: Streamlit's own messages over a real websocket."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 60.0  # seconds after which an answer counts as never given
MOST_BYTES = 64 * 2**20
_EARLY = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


@dataclass(slots=True)
class Times:
    """What sessions waited for, in seconds, and what went wrong in them."""

    full: list[float] = field(default_factory=list)
    fragments: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Session:
    """One open page: reruns are asked for one after another, each waited for."""

    def __init__(self, socket: websockets.ClientConnection, page: str, query: str) -> None:
        self._socket, self._page, self._query = socket, page, query
        self._hash = ""  # what the server calls the page, once it has said so
        self.due: dict[str, tuple[float, float]] = {}  # fragment: its interval, when it is next

    async def rerun(self, fragment: str = "") -> tuple[float, str]:
        """Ask for a whole rerun or a fragment; give the seconds until its end, and what failed."""
        asked = BackMsg()
        asked.rerun_script.query_string = self._query
        asked.rerun_script.page_name = "" if self._hash else self._page
        asked.rerun_script.page_script_hash = self._hash
        asked.rerun_script.fragment_id = fragment
        asked.rerun_script.is_auto_rerun = bool(fragment)
        start = time.monotonic()
        await self._socket.send(asked.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            failed = await self._to_the_end()
        return time.monotonic() - start, failed

    async def _to_the_end(self) -> str:
        failed = ""
        while True:
            said = ForwardMsg.FromString(await self._socket.recv())  # type: ignore[arg-type]
            kind = said.WhichOneof("type")
            if kind == "auto_rerun":
                interval = said.auto_rerun.interval
                self.due[said.auto_rerun.fragment_id] = (interval, time.monotonic() + interval)
            elif kind == "new_session":
                self._hash = said.new_session.page_script_hash
                if not said.metadata.run.fragment_ids:
                    self.due = {}  # a whole rerun: the fragments of before are no more
            elif kind == "delta" and said.delta.new_element.WhichOneof("type") == "exception":
                failed = said.delta.new_element.exception.message
            elif kind == "script_finished" and said.script_finished != _EARLY:
                return failed


@asynccontextmanager
async def opened(port: int, cookie: str, page: str, query: str) -> AsyncIterator[Session]:
    """Open a page of the app on this machine as whoever has the cookie."""
    origin = f"http://127.0.0.1:{port}"
    async with websockets.connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        origin=origin,  # type: ignore[arg-type]
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers={"Cookie": cookie},
        max_size=MOST_BYTES,
    ) as socket:
        yield Session(socket, page, query)


async def watch(session: Session, times: Times, *, until: float, every: float) -> None:
    """Do what an open page does: all of it at first and now and then, its fragments when due."""
    whole = 0.0
    while (now := time.monotonic()) < until:
        due = [name for name, (_, at) in session.due.items() if at <= now]
        if now >= whole:
            await _timed(session, times, times.full)
            whole = time.monotonic() + every
        elif due:
            await _timed(session, times, times.fragments, due[0])
            if due[0] in session.due:
                interval, _ = session.due[due[0]]
                session.due[due[0]] = (interval, time.monotonic() + interval)
        else:
            await asyncio.sleep(0.05)


async def _timed(session: Session, times: Times, into: list[float], fragment: str = "") -> None:
    seconds, failed = await session.rerun(fragment)
    into.append(seconds)
    if failed:
        times.faults.append(failed)
