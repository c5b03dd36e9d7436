"""Who is in the class, what each has running, and how much of the disk each takes."""

import time
from dataclasses import dataclass
from functools import lru_cache

from core.classroom import allowances, people, presence, quotas
from core.classroom.folder import ClassFolder
from core.records import State
from core.records.classroom import Person
from core.runs.sharing import places
from core.workspace import Workspace

SIZE_SECONDS = 20  # for which a count of bytes is good enough
_TRAINS, _WAITS = State.RUNNING, State.QUEUED


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody of the class, as the teacher sees them."""

    person: Person
    is_here: bool
    seen_at: float  # seconds since the epoch
    num_running: int
    num_waiting: int
    num_bytes: int
    may_take: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LinedRun:
    """A run of somebody in the class that trains or waits."""

    owner: str  # nickname; empty: the teacher
    owner_id: str
    ws: Workspace
    run_id: str
    state: State
    position: int  # 1: the next; 0: it trains


def roll(room: ClassFolder, line: tuple[LinedRun, ...]) -> tuple[Seat, ...]:
    """Call the roll, those who are here first, then by name."""
    seats = [_seat(room, person, line) for person in people.everybody(room)]
    return tuple(sorted(seats, key=lambda seat: (not seat.is_here, seat.person.nickname.lower())))


def _seat(room: ClassFolder, person: Person, line: tuple[LinedRun, ...]) -> Seat:
    states = [run.state for run in line if run.owner_id == person.id]
    moment = int(time.monotonic() / SIZE_SECONDS)
    return Seat(
        person=person,
        is_here=presence.is_here(room, person),
        seen_at=presence.last_seen(room, person),
        num_running=states.count(_TRAINS),
        num_waiting=states.count(_WAITS),
        num_bytes=_num_bytes(room.workspace(person.id), moment),
        may_take=quotas.most_bytes(allowances.of_one(room, person)),
    )


@lru_cache(maxsize=1024)
def _num_bytes(ws: Workspace, _moment: int) -> int:
    return quotas.used(ws)


def line(room: ClassFolder) -> tuple[LinedRun, ...]:
    """Give what trains, and what waits in the order in which it will be taken."""
    names = {person.id: person.nickname for person in people.everybody(room)}
    found = places.of_class(room).run_line()
    trains = [(ws, run_id, _TRAINS, 0) for ws, run_id in found.running]
    waits = [(*wish, _WAITS, place) for place, wish in enumerate(found.line, start=1)]
    return tuple(
        LinedRun(
            owner=names.get(ws.root.name, ""),
            owner_id=ws.root.name if ws != room.teacher else "",
            ws=ws,
            run_id=run_id,
            state=state,
            position=place,
        )
        for ws, run_id, state, place in (*trains, *waits)
    )
