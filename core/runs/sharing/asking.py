"""How a process asks the serving process of its class; it is started where there is none."""

import json
import time
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from typing import Any, Protocol

from core import files, locks
from core.classroom.folder import ClassFolder
from core.errors import UserError
from core.records.classroom import ServingAddress
from core.records.requests import A, EngineRequest, decode_answer, encode_request
from core.runs import engine_process
from core.runs.engine_process import EngineProcess
from core.runs.sharing import addressed
from core.runs.sharing.places import place_of
from core.words import say
from core.workspace import Workspace

PATIENCE = 60.0  # seconds until it is there
START_AGAIN = 5.0  # seconds in which a process that was started must show itself


class Asked(Protocol):
    """A process that answers questions."""

    def start(self) -> None:
        """Start it unless it is there."""

    def ask(self, request: EngineRequest[A]) -> A:
        """Wait for an answer. Raises `UserError` where there is none."""

    def close(self) -> None:
        """Let it go."""


class ClassProcess:
    """The one serving process of a class, asked about one workspace."""

    def __init__(self, room: ClassFolder, ws: Workspace) -> None:
        self._room, self._ws = room, ws

    def start(self) -> None:
        """Have it started unless it lives; never wait."""
        mark = self._room.serving_log
        if locks.is_held(self._room.serving_lock) or _age(mark) < START_AGAIN:
            return
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()  # of thirty who ask at once, one starts it
        root = str(self._room.teacher.root)
        engine_process.detach("core.runs.sharing.broker", root, log=mark)

    def ask(self, request: EngineRequest[A]) -> A:
        """Send a request and wait for its answer. Raises `UserError` where there is none."""
        line = addressed.address(encode_request(request), str(self._ws.root))
        try:
            with self._connected() as connection:
                connection.send_bytes(line.encode())
                row = json.loads(connection.recv_bytes())
        except (EOFError, OSError):  # it was killed; what was asked may have been the cause
            row = None
        if row is None:
            raise engine_process.silent()
        return decode_answer(request, row)

    def close(self) -> None:
        """Leave it to the others of the class."""

    def _connected(self) -> "Connection[Any, Any]":
        end = time.monotonic() + PATIENCE
        while True:
            try:
                found = files.read_record(self._room.serving, ServingAddress)
                return Client(found.address, authkey=bytes.fromhex(found.secret))
            except (OSError, EOFError, AuthenticationError, UserError):  # not there yet, or gone
                if time.monotonic() > end:
                    raise _missing() from None
                self.start()
                time.sleep(0.1)


def process_for(ws: Workspace) -> Asked:
    """Give the process to ask about a workspace: its own, or that of the class."""
    room = place_of(ws).room
    return ClassProcess(room, ws) if room else EngineProcess("serve", ws)


def _age(path: Any) -> float:
    try:
        return float(time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return START_AGAIN


def _missing() -> UserError:
    return UserError(
        say("The process that asks models did not start."),
        expected=say("It should be there within a minute."),
        mend=say("Try again; serving.log of the class says more."),
    )
