"""The serving process of a class: ``python -m core.runs.sharing.broker WORKSPACE``.

Pages, folders of predictions and searches of all people ask it; it asks an engine for them, one
question of each person in turn. What takes long has an engine of its own, which ends when nobody
asks, so that nobody's picture waits for another's thousands.
"""

import contextlib
import hashlib
import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from filelock import Timeout

from core import devices, files, locks, privacy
from core.classroom.folder import ClassFolder, folder_in
from core.errors import UserError
from core.records import requests
from core.records.classroom import ServingAddress
from core.runs.engine_process import EngineProcess
from core.runs.sharing import addressed
from core.runs.sharing.turns import FairLock
from core.words import say
from core.workspace import Workspace

QUICK, SLOW = "quick", "slow"
QUICK_VERBS = {"predict", "predict_original", "explain", "ping"}
IDLE_SECONDS = 60.0  # after which the slow engine, and a broker without an app, is let go
MOST_WAITING = 16  # questions of one person
MOST_BYTES = 16 * 2**20  # of a question
_SOCKET_NAME = 100  # bytes: longer names are refused by the system


@dataclass(slots=True)
class Lane:
    """An engine and those who wait for it."""

    process: EngineProcess
    turns: FairLock = field(default_factory=FairLock)
    used_at: float = field(default_factory=time.monotonic)

    def answer(self, line: str, name: str) -> dict[str, Any] | None:
        """Ask for somebody; None where the engine died over it."""
        if self.turns.num_waiting(name) >= MOST_WAITING:
            return _too_many()
        with self.turns.turn(name):
            try:
                return self.process.pass_on(line)
            finally:
                self.used_at = time.monotonic()

    def rest(self) -> None:
        """End the engine where nobody has asked for a while."""
        if time.monotonic() - self.used_at > IDLE_SECONDS and self.process.alive:
            with self.turns.turn(""):
                self.process.close()


def main(arguments: list[str]) -> None:
    """Serve a class, as its only broker."""
    privacy.begin()
    [root] = arguments
    ws = Workspace(Path(root))
    room = folder_in(ws.root)
    lanes = {name: Lane(EngineProcess("serve", ws)) for name in (QUICK, SLOW)}
    with contextlib.suppress(Timeout), locks.hold(room.serving_lock, patience=1):
        serve(room, lanes)


def serve(room: ClassFolder, lanes: Mapping[str, Lane], *, poll: float = 1.0) -> None:
    """Answer as long as the class may come in, or somebody has asked lately."""
    secret = secrets.token_bytes(32)
    with Listener(_address(room), backlog=64, authkey=secret) as listener:
        address = str(listener.address)
        with privacy.private():
            files.write_record(room.serving, ServingAddress(address=address, secret=secret.hex()))
        lanes[QUICK].process.start()  # before anybody asks: two at once would start two
        threading.Thread(target=_accept, args=[listener, lanes], daemon=True).start()
        while locks.is_held(room.app_lock) or _is_fresh(lanes):
            time.sleep(poll)
            lanes[SLOW].rest()
            if os.name != "nt" and not os.path.exists(address):  # cleared away: none finds us
                return


def _address(room: ClassFolder) -> str | None:
    """Give a place for the socket that a system's cleaning leaves alone; None: any."""
    name = hashlib.sha256(str(room.path).encode()).hexdigest()[:16]
    path = devices.locks_folder() / f"serving-{name}.socket"
    if os.name == "nt" or len(os.fsencode(path)) > _SOCKET_NAME:
        return None
    path.unlink(missing_ok=True)  # of a broker that was killed
    return str(path)


def _is_fresh(lanes: Mapping[str, Lane]) -> bool:
    return any(time.monotonic() - lane.used_at < IDLE_SECONDS for lane in lanes.values())


def _accept(listener: Listener, lanes: Mapping[str, Lane]) -> None:
    while True:
        try:
            connection = listener.accept()
        except (AuthenticationError, EOFError, OSError):  # a stranger, or one who went away
            time.sleep(0.01)
            continue
        threading.Thread(target=_converse, args=[connection, lanes], daemon=True).start()


def _converse(connection: "Connection[Any, Any]", lanes: Mapping[str, Lane]) -> None:
    with connection, contextlib.suppress(EOFError, OSError):
        while True:
            line = connection.recv_bytes(MOST_BYTES).decode()
            row = json.loads(line)
            lane = QUICK if not QUICK_VERBS.isdisjoint(row) else SLOW
            answer = lanes[lane].answer(line, addressed.workspace_of(row))
            connection.send_bytes(json.dumps(answer).encode())


def _too_many() -> dict[str, Any]:
    error = UserError(
        say("Too many of your questions wait already."),
        expected=say("At most {num} at a time.", num=MOST_WAITING),
        mend=say("Wait for their answers, then ask again."),
    )
    refused: dict[str, Any] = json.loads(requests.encode_refusal(error.problem))
    return refused


if __name__ == "__main__":
    main(sys.argv[1:])
