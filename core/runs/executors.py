"""Where queued runs are worked on: `submit` has it done there. A new place is one more entry."""

import contextlib
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from filelock import Timeout

from core import devices, files, locks, trash
from core.classroom import people
from core.errors import Problem, UserError
from core.records import TrainConfig
from core.runs import engine_process, recovery, worker
from core.runs.engine_process import EngineProcess
from core.runs.sharing import clusters
from core.runs.sharing.places import Place, place_of
from core.words import say
from core.workspace import Workspace

LOOK_EVERY = 5.0  # seconds; doubled each time that a worker was asked for and did not come
LOOK_SELDOM = 300.0


class Executor(Protocol):
    """A place where runs are trained."""

    def submit(self, ws: Workspace) -> None:
        """Make sure that somebody works on the queue of this workspace."""


@dataclass(frozen=True, slots=True)
class Local:
    """A process on this machine that outlives the page that asked for it, and takes the runs.

    It trains them itself, or has the nodes of a cluster do it.
    """

    module: str = "core.runs.worker"

    def submit(self, ws: Workspace) -> None:
        """Start a worker; where there is one already, the new one ends by itself."""
        place = place_of(ws)
        if locks.is_held(place.worker_lock):
            return
        home = place.ws
        home.root.mkdir(parents=True, exist_ok=True)
        whose = ("--classroom",) if place.room else ()
        engine_process.detach(self.module, str(home.root), *whose, log=home.worker_log)


@dataclass(frozen=True, slots=True)
class Inline:
    """Here and now, until the queue is empty; for scripts and tests."""

    command: tuple[str, ...] = engine_process.ENGINE_COMMAND

    def submit(self, ws: Workspace) -> None:
        """Work on the queue in this process, with a training process of its own."""
        engine = EngineProcess("train", ws, self.command)
        try:
            worker.work(Place(ws), engine, lives_on=lambda: False)
        finally:
            engine.close()


CLUSTER = "core.cluster"  # the module that takes runs for the nodes of a cluster
GPUS = f"{CLUSTER}.gpus"  # and that for each GPU of this machine
EXECUTORS: Mapping[str, Executor] = {
    clusters.LOCAL: Local(),
    clusters.RAY: Local(CLUSTER),
    "gpus": Local(GPUS),
    "inline": Inline(),
}


def submit(ws: Workspace) -> None:
    """Have the queue of a workspace worked on where ``THAW_EXECUTOR`` says.

    Raises `UserError` where it says nothing that there is.
    """
    EXECUTORS[_kind()].submit(ws)


def check(ws: Workspace) -> None:
    """Say why runs wait for a cluster that cannot be reached. Raises `UserError` where they do."""
    if (problem := why_none(ws)) is not None:
        raise UserError.of(problem)


def why_none(ws: Workspace) -> Problem | None:
    """Say why runs wait for a cluster; None where they do not, or for none that was asked for."""
    if clusters.is_asked_for():
        with contextlib.suppress(FileNotFoundError):
            return files.read_record(place_of(ws).ws.no_worker, Problem)
    return None


def module() -> str:
    """Name the module that takes runs where ``THAW_EXECUTOR`` says; raises as `submit`."""
    return {clusters.RAY: CLUSTER, "gpus": GPUS}.get(_kind(), Local().module)


def _kind() -> str:
    kind = clusters.kind_of()
    return "gpus" if kind == clusters.LOCAL and len(devices.gpus_in_turn()) > 1 else kind


def warm(ws: Workspace, config: TrainConfig) -> None:
    """Have all ready for this run before Start is pressed, as long as the app lives."""
    if app_lives(ws):
        with contextlib.suppress(OSError):  # a full disk: Start will say so
            files.write_record(ws.chosen, config)
        submit(ws)


def wake(ws: Workspace) -> None:
    """Have TensorFlow loaded for a run that will come soon, as long as the app lives."""
    if app_lives(ws):
        with contextlib.suppress(OSError):  # the run will say so
            submit(ws)


def revive(ws: Workspace, only: str = "") -> None:
    """Have runs that were cut off, or that one ``only``, go on; in the app, for its pages."""
    if recovery.reconcile(ws, only) and app_lives(ws):
        submit(ws)


def app_lives(ws: Workspace) -> bool:
    """Tell whether a web app is there for a workspace: its own, or that of its class."""
    return locks.is_held(place_of(ws).app_lock)


def look_after(ws: Workspace) -> bool:
    """Have cut-off and forgotten runs go on; True if a worker had to be started for them.

    What was deleted seven days ago goes for good. In a class that is done for all of its people.
    """
    place = place_of(ws)
    if place.room:
        people.sweep(place.room)
    for one in place.workspaces():
        trash.expire(one)
        recovery.reconcile(one)
    if not place.next_run() or locks.is_held(place.worker_lock):
        return False
    with contextlib.suppress(OSError):  # nothing can be trained where nothing can be written
        submit(ws)
        return True
    return False


@contextlib.contextmanager
def app_session(ws: Workspace, *, every: float = LOOK_EVERY) -> Iterator[None]:
    """While the app lives, its worker stays warm, and runs that were cut off go on."""
    over = threading.Event()
    with _known_to_live(ws):
        _try_to_look_after(ws)
        watch = threading.Thread(target=_watch, args=[ws, over, every], daemon=True)
        watch.start()
        try:
            yield
        finally:
            over.set()
            watch.join()


@contextlib.contextmanager
def _known_to_live(ws: Workspace) -> Iterator[None]:
    """Hold the lock of the app; without it, the pages can be looked at all the same."""
    app_lock = place_of(ws).app_lock
    with contextlib.ExitStack() as stack:
        try:
            app_lock.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locks.hold(app_lock, patience=1))
        except UserError as error:
            print(f"  {error}", file=sys.stderr, flush=True)
        except Timeout:  # a second app on the workspace
            pass
        except OSError as error:
            print(f"  {_closed(ws, error)}", file=sys.stderr, flush=True)
        yield


def _closed(ws: Workspace, error: OSError) -> UserError:
    return UserError(
        say(
            "The folder {folder} cannot be written to ({reason}).",
            folder=str(ws.root),
            reason=error.strerror or str(error),
        ),
        expected=say("What is in it can be looked at, and its models can be asked."),
        mend=say("To add images and train, change its permissions, or set THAW_HOME to another."),
    )


def _watch(ws: Workspace, over: threading.Event, every: float) -> None:
    pause = every
    while not over.wait(pause):
        pause = min(2 * pause, LOOK_SELDOM) if _try_to_look_after(ws) else every


def _try_to_look_after(ws: Workspace) -> bool:
    """Look after the runs; what is in the way now may not be the next time."""
    try:
        return look_after(ws)
    except (OSError, ValueError, UserError) as error:
        print(f"  {error}", file=sys.stderr, flush=True)
        return True
