"""How long a run of a class still waits: its place in the line, and the time of those before it."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from core import durations, files, runs
from core.classroom.folder import ClassFolder
from core.errors import UserError
from core.records import Progress
from core.runs import estimates
from core.runs.sharing import clusters, places
from core.runs.sharing.places import RunLine
from core.words import Message, say
from core.workspace import Workspace

FRESH_SECONDS = 2.0  # for which a look at all runs of the class serves everybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Where a run stands in the line of its class."""

    position: int  # 1: it is the next
    low_seconds: float
    high_seconds: float


def wait_of(ws: Workspace, run_id: str) -> Wait | None:
    """Say how long a run waits until it begins; None where it does not, or there is no class."""
    room = places.place_of(ws).room
    if room is None:
        return None
    with _one_looks():
        standing = _look(room, int(time.monotonic() / FRESH_SECONDS))
    if (ws, run_id) not in standing.line:
        return None
    position = standing.line.index((ws, run_id))
    if clusters.is_asked_for() or len(standing.running) > 1:  # side by side, none knows how many
        return Wait(position=position + 1, low_seconds=0, high_seconds=0)
    ranges = [_seconds(*before) for before in standing.line[:position]]
    ranges += [_left(*running) for running in standing.running]
    return Wait(
        position=position + 1,
        low_seconds=sum(low for low, _ in ranges),
        high_seconds=sum(high for _, high in ranges),
    )


def told(wait: Wait) -> Message:
    """Say which place a run has in the line of the class, and how long that takes."""
    if not wait.high_seconds and wait.position > 1:
        return say("Waiting in line: place {num}.", num=wait.position)
    if not wait.high_seconds:
        return say("Waiting in line: yours is the next.")
    time = durations.between(wait.low_seconds, wait.high_seconds)
    if wait.position == 1:
        return say("Waiting in line: yours is the next, in {time}.", time=time)
    return say("Waiting in line: place {num}, it begins in {time}.", num=wait.position, time=time)


def told_of_first(ws: Workspace, run_ids: Iterable[str]) -> Message | None:
    """Say it of the one among some runs that begins first; None where none waits in a class."""
    if places.place_of(ws).room is None:
        return None
    found = (wait_of(ws, run_id) for run_id in run_ids)
    first = min(filter(None, found), key=lambda wait: wait.position, default=None)
    return told(first) if first else None


@cache
def _one_looks() -> threading.Lock:
    """Have one of the many pages look at the runs, while the others wait for what it sees."""
    return threading.Lock()


@lru_cache(maxsize=2)
def _look(room: ClassFolder, _moment: int) -> RunLine:
    return places.of_class(room).run_line()


@lru_cache(maxsize=1024)
def _seconds(ws: Workspace, run_id: str) -> tuple[float, float]:
    """Estimate a run that waits; one that cannot be estimated is not counted."""
    try:
        config = runs.get(ws, run_id).config
        counted = estimates.num_images(
            ws, config.dataset_id, config.dataset_version, config.left_out
        )
        found = estimates.estimate(ws, config, *counted)
    except (UserError, OSError):  # its data set, or its backbone, was deleted
        return 0.0, 0.0
    return found.low_seconds, found.high_seconds


def _left(ws: Workspace, run_id: str) -> tuple[float, float]:
    """Say what is left of a run that is trained: what it says itself, else all of it."""
    try:
        left = files.read_record(ws.run(run_id).progress, Progress).eta_seconds
    except (UserError, OSError):
        left = None
    return (left, left) if left is not None else _seconds(ws, run_id)
