"""The worker: takes queued runs one by one and watches over the training process.

Start it with ``python -m core.runs.worker WORKSPACE [--only RUN | --classroom]``. It never imports
TensorFlow: a training process that crashes, or is killed for memory, takes nothing else down with
it.
"""

import argparse
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from filelock import Timeout

from core import devices, files, locks, privacy
from core.classroom.folder import folder_in
from core.errors import UserError
from core.models import catalog
from core.records import TrainConfig
from core.records.requests import PrepareRun
from core.runs import recovery
from core.runs.engine_process import EngineProcess
from core.runs.sharing import places
from core.runs.sharing.places import Place
from core.runs.supervising import LOOK_SECONDS, supervise
from core.workspace import Workspace

IDLE_SECONDS = 600.0  # how long the warm training process is kept without work
FRESH_SECONDS = 60.0  # after which what the Train page showed is not made ready any more
LOOK_ANYWAY_SECONDS = 10.0  # after which the states are read though no run seems to have come


class Crew(Protocol):
    """Whoever trains the runs that a worker takes."""

    trained_at: float  # monotonic seconds

    def start(self) -> None: ...


def work(
    place: Place,
    engine: EngineProcess,
    *,
    lives_on: Callable[[], bool],
    only: str = "",
    poll: float = 0.2,
) -> None:
    """Take runs until there are none and ``lives_on`` says that nobody needs the worker.

    ``only`` is the one run to take, if others are left to other workers. Between runs, have what
    the Train page shows made ready.
    """
    ready: TrainConfig | None = None
    seen = None
    while True:
        now = changes(place)
        if now != seen and _is_work_there(place, only):
            with devices.held() as device:  # one by one
                if found := place.next_run(only):
                    _train(place, *found, engine, device=device, poll=poll)
        elif lives_on():
            seen = now
            ready = prepare(place, engine, ready, lives_on=lives_on)
            time.sleep(poll)
        else:
            return


def _train(
    place: Place, ws: Workspace, run_id: str, engine: EngineProcess, *, device: str, poll: float
) -> None:
    place.serve(ws)
    with _unless_deleted(ws, run_id):
        supervise(ws, run_id, engine, device=device, poll=poll)
    engine.trained_at = time.monotonic()


def _is_work_there(place: Place, only: str) -> bool:
    """Tell whether a run is to be trained, after those that were cut off are queued again."""
    for ws in place.workspaces():
        recovery.reconcile(ws)
    return place.next_run(only) is not None


def changes(place: Place) -> tuple[tuple[int, ...], int]:
    """Give what is other once a run comes or goes, and every ten seconds in any case.

    To read the states of all runs costs the more the more there are.
    """
    changed = [_changed_at(ws.runs) for ws in place.workspaces()]
    return tuple(changed), int(time.monotonic() / LOOK_ANYWAY_SECONDS)


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def prepare(
    place: Place,
    engine: EngineProcess,
    ready: TrainConfig | None,
    *,
    lives_on: Callable[[], bool],
) -> TrainConfig | None:
    """Have the engine make ready what a Train page shows, unless it is; give what is ready now.

    In a class that is the page on which something was chosen last. Nobody waits for it, so nobody
    is told what was in the way: the run will say it.
    """
    with contextlib.suppress(OSError, ValueError, UserError):
        ws = max(place.workspaces(), key=lambda ws: _changed_at(ws.chosen))
        if time.time() - ws.chosen.stat().st_mtime < FRESH_SECONDS:
            chosen = files.read_record(ws.chosen, TrainConfig)
            if chosen != ready:
                ready = chosen
                request = PrepareRun(config=chosen)
                engine.tell(request, ws)
                while engine.answer(request, timeout=0.2) is None and engine.alive:
                    if not lives_on():
                        engine.kill()  # before the next request: its answer would come first
    return ready


@contextlib.contextmanager
def _unless_deleted(ws: Workspace, run_id: str) -> Iterator[None]:
    """Let go of a run whose folder was deleted meanwhile."""
    try:
        yield
    except FileNotFoundError:
        if ws.run(run_id).state.exists():
            raise


def main(arguments: list[str]) -> None:
    """Work on one workspace, as its only worker."""
    options = parse(arguments, prog="python -m core.runs.worker", about=__doc__)
    ws = options.ws
    devices.locks_folder()  # first of all: without one nothing can be trained
    engine = EngineProcess("train", ws)
    if options.only:
        end_with_parent(engine.kill)
    try:
        work_alone(options.place, engine, only=options.only)
    finally:
        engine.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerCommand:
    """What the command of a worker says."""

    ws: Workspace
    place: Place
    only: str  # the one run, or study, that is taken


def parse(arguments: list[str], *, prog: str, about: str | None) -> WorkerCommand:
    """Read the command, and have this process know what its workspace brought."""
    parser = argparse.ArgumentParser(prog=prog, description=about)
    parser.add_argument("workspace", type=Path)
    only = "take this run alone, and end when standard input ends"
    parser.add_argument("--only", default="", metavar="RUN", help=only)
    classroom = "take the runs of all people of the class in this workspace in turn"
    parser.add_argument("--classroom", action="store_true", help=classroom)
    found = parser.parse_args(arguments)
    privacy.begin()
    ws = Workspace(found.workspace)
    catalog.look_in(ws)
    place = places.of_class(folder_in(ws.root)) if found.classroom else places.Place(ws)
    return WorkerCommand(ws=ws, place=place, only=found.only)


def work_alone(
    place: Place, crew: Crew, *, only: str = "", work: Callable[..., None] = work
) -> None:
    """Work under the lock of the place; look again after letting go, so no run is stranded."""
    lives_on = (lambda: True) if only else _needed(place, crew)
    patience = locks.FOR_EVER if only else LOOK_SECONDS
    while True:
        try:
            with locks.hold(place.worker_lock, patience=patience):
                crew.start()  # warm before the first run asks for it
                work(place, crew, lives_on=lives_on, only=only)
        except Timeout:
            return
        if not place.next_run(only):
            return


def _needed(place: Place, crew: Crew) -> Callable[[], bool]:
    """Tell whether the app lives, or the last run was less than ten minutes ago."""

    def lives_on() -> bool:
        is_fresh = time.monotonic() - crew.trained_at < IDLE_SECONDS
        return is_fresh or locks.is_held(place.app_lock)

    return lives_on


def end_with_parent(let_go: Callable[[], None]) -> None:
    """End this process once the one that started it is gone; ``let_go`` ends what it has begun."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):  # empty once the one that started this is gone
            pass  # no buffer of Python's: an end by an error would find its lock held, and abort
        let_go()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1:])
