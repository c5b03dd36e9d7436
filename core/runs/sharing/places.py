"""Whose runs one worker takes: those of a workspace, or those of all people of a class in turn."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core import files, locks, runs
from core.classroom import folder, people
from core.classroom.folder import ClassFolder
from core.errors import UserError
from core.records import RunState, State
from core.records.classroom import FirstRuns, Turns
from core.runs.sharing import turns
from core.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RunLine:
    """The runs of a class that are trained, and those that wait, the next one first."""

    running: tuple[tuple[Workspace, str], ...]
    line: tuple[tuple[Workspace, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace that stands for itself, or a class with all of its workspaces."""

    ws: Workspace  # of the teacher, where it is a class
    room: ClassFolder | None = None

    @property
    def app_lock(self) -> Path:
        """Give what the web app holds as long as it lives."""
        return self.room.app_lock if self.room else self.ws.app_lock

    @property
    def worker_lock(self) -> Path:
        """Give what the one worker holds."""
        return self.room.worker_lock if self.room else self.ws.worker_lock

    def workspaces(self) -> list[Workspace]:
        """Give all workspaces whose runs are taken."""
        return people.workspaces(self.room) if self.room else [self.ws]

    def next_run(self, only: str = "") -> tuple[Workspace, str] | None:
        """Give the run whose turn it is; ``only`` is the one run, or study, that counts."""
        if self.room is None:
            run_id = runs.next_queued(self.ws, only)
            return (self.ws, run_id) if run_id else None
        return next(iter(self.run_line().line), None)

    def run_line(self) -> RunLine:
        """Say which runs are trained, and which wait in which order."""
        known = {ws.root.name: ws for ws in self.workspaces()}
        states = {name: runs.states(ws) for name, ws in known.items()}
        queues = {name: _in(State.QUEUED, found) for name, found in states.items()}
        line = turns.put_first(turns.order(queues, self._served()), self._first())
        return RunLine(
            running=tuple((known[n], i) for n in known for i in _in(State.RUNNING, states[n])),
            line=tuple((known[name], run_id) for name, run_id in line),
        )

    def serve(self, ws: Workspace) -> None:
        """Remember that it was somebody's turn; the others come before the next of these."""
        if self.room is None:
            return
        with contextlib.suppress(OSError):  # a full disk: it is only the order
            others = tuple(name for name in self._served() if name != ws.root.name)
            files.write_record(self.room.turns, Turns(served=(*others, ws.root.name)))

    def put_first(self, ws: Workspace, run_id: str) -> None:
        """Have a run that waits be the next one; those that were put first before follow it."""
        if self.room is not None:
            chosen = (ws.root.name, run_id)
            waiting = {(other.root.name, name) for other, name in self.run_line().line}
            kept = (wish for wish in self._first() if wish != chosen and wish in waiting)
            files.write_record(self.room.first_runs, FirstRuns(runs=(chosen, *kept)))

    def _first(self) -> tuple[tuple[str, str], ...]:
        if self.room is not None:
            with contextlib.suppress(OSError, UserError):  # nobody, or damaged
                return files.read_record(self.room.first_runs, FirstRuns).runs
        return ()

    def _served(self) -> tuple[str, ...]:
        if self.room is None:
            return ()
        with contextlib.suppress(OSError, UserError):  # damaged: all are new
            return files.read_record(self.room.turns, Turns).served
        return ()


def place_of(ws: Workspace) -> Place:
    """Give the class to which a workspace belongs; its own place where there is none.

    The teacher's belongs to the class as long as that is open.
    """
    room = folder.class_of(ws)
    if room is not None:
        return of_class(room)
    own = folder.folder_in(ws.root)
    is_open = folder.is_open() or locks.is_held(own.app_lock)
    return of_class(own) if is_open else Place(ws)


def of_class(room: ClassFolder) -> Place:
    """Give the place of all workspaces of a class."""
    return Place(room.teacher, room)


def _in(state: State, states: Mapping[str, RunState]) -> list[str]:
    """Give the runs in a state, oldest first and those of studies last."""
    return [run_id for run_id, found in states.items() if found.state is state]
