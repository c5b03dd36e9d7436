"""The worker: takes queued runs one by one and watches over the training process.

Start it with ``python -m core.worker WORKSPACE [--only RUN]``. It never imports TensorFlow: a
training process that crashes, or is killed for memory, takes nothing else down with it.
"""

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from filelock import Timeout

from core import devices, endings, files, privacy, runs
from core.errors import UserError
from core.process import EngineProcess
from core.records import State, TrainConfig
from core.workspace import Workspace

IDLE_SECONDS = 600.0  # how long the warm training process is kept without work
FRESH_SECONDS = 60.0  # after which what the Train page showed is not made ready any more
LOOK_ANYWAY_SECONDS = 10.0  # after which the states are read though no run seems to have come
LOOK_SECONDS = 1.0  # how long a lock may be held by somebody who only looks whether it is
HEED_SECONDS = 60.0  # how long a run may stay silent after it was asked to stop


def work(
    ws: Workspace,
    engine: EngineProcess,
    *,
    locks: Path,
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
    device = devices.training_device()
    while True:
        now = _changes(ws)
        if now != seen and (runs.next_queued(ws, only) or _orphans(ws, device)):
            with devices.device_lock(locks, device):  # waits for other workspaces
                recover(ws, device)
                if run_id := runs.next_queued(ws, only):
                    with _unless_deleted(ws, run_id):
                        supervise(ws, run_id, engine, device=device, poll=poll)
                    engine.trained_at = time.monotonic()
        elif lives_on():
            seen = now
            ready = prepare(ws, engine, ready, lives_on=lives_on)
            time.sleep(poll)
        else:
            return


def _changes(ws: Workspace) -> tuple[int, int]:
    """Give what is other once a run comes or goes, and every ten seconds in any case.

    To read the states of all runs costs the more the more there are.
    """
    changed = ws.runs.stat().st_mtime_ns if ws.runs.exists() else 0
    return changed, int(time.monotonic() / LOOK_ANYWAY_SECONDS)


def prepare(
    ws: Workspace,
    engine: EngineProcess,
    ready: TrainConfig | None,
    *,
    lives_on: Callable[[], bool],
) -> TrainConfig | None:
    """Have the engine make ready what the Train page shows, unless it is; give what is ready now.

    Nobody waits for it, so nobody is told what was in the way: the run will say it.
    """
    with contextlib.suppress(OSError, ValueError, UserError):
        if time.time() - ws.chosen.stat().st_mtime < FRESH_SECONDS:
            chosen = files.read_record(ws.chosen, TrainConfig)
            if chosen != ready:
                ready = chosen
                engine.tell({"verb": "prepare", "config": asdict(chosen)})
                while engine.answer(timeout=0.2) is None and engine.alive:
                    if not lives_on():
                        engine.kill()  # before the next request: its answer would come first
    return ready


def recover(ws: Workspace, device: str) -> None:
    """Put cut-off runs back on the queue. Only for whoever holds the lock of the device."""
    for run_id in _orphans(ws, device):
        state = runs.state_of(ws, run_id)
        endings.bury(ws, run_id, attempt=state.attempt)


def reconcile(ws: Workspace, locks: Path) -> None:
    """Mend the states of runs that nobody trains any more, if nobody else is at it."""
    device = devices.training_device()
    if not _orphans(ws, device):
        return
    try:
        with devices.device_lock(locks, device).acquire(timeout=0):
            recover(ws, device)
    except Timeout:
        return


def _orphans(ws: Workspace, device: str) -> list[str]:
    states = runs.states(ws).items()
    return [i for i, s in states if s.state is State.RUNNING and s.device == device]


@contextlib.contextmanager
def _unless_deleted(ws: Workspace, run_id: str) -> Iterator[None]:
    """Let go of a run whose folder was deleted meanwhile."""
    try:
        yield
    except FileNotFoundError:
        if ws.run(run_id).path.exists():
            raise


def supervise(
    ws: Workspace, run_id: str, engine: EngineProcess, *, device: str, poll: float = 0.2
) -> None:
    """Train one run in the engine process and write down how it ended."""
    if runs.stop_requested(ws, run_id) and not runs.has_checkpoint(ws, run_id):
        runs.set_state(ws, run_id, State.STOPPED)
        return
    before, kills = runs.state_of(ws, run_id), endings.memory_kills()
    attempt = before.attempt + 1
    runs.set_state(ws, run_id, State.RUNNING, device=device, attempt=attempt)
    try:
        engine.tell({"verb": "train", "run_id": run_id, "halved": before.halved})
        answer = _wait(ws, run_id, engine, poll=poll)
    except UserError as error:
        runs.set_state(ws, run_id, State.FAILED, error=error.problem)
        return
    if answer is not None:
        runs.set_state(ws, run_id, State(answer["ended"]))
    elif engine.returncode == -signal.SIGKILL and endings.memory_kills() > kills:
        endings.bury_for_memory(ws, run_id, halved=before.halved)
    elif engine.returncode is not None and engine.returncode > 0:
        endings.bury_for_error(ws, run_id)
    else:
        endings.bury(ws, run_id, attempt=attempt)


def _wait(
    ws: Workspace, run_id: str, engine: EngineProcess, *, poll: float
) -> dict[str, str] | None:
    """Wait for the answer; None when the process died. One that ignores a stop is killed."""
    while (answer := engine.answer(timeout=poll)) is None and engine.alive:
        if runs.stop_requested(ws, run_id) and _silent_for(ws, run_id) > HEED_SECONDS:
            engine.kill()
    return answer or engine.answer(timeout=0)


def _silent_for(ws: Workspace, run_id: str) -> float:
    folder = ws.run(run_id)
    signs = [p.stat().st_mtime for p in (folder.stop, folder.progress) if p.exists()]
    return time.time() - max(signs)


def main(arguments: list[str]) -> None:
    """Work on one workspace, as its only worker."""
    parser = argparse.ArgumentParser(prog="python -m core.worker", description=__doc__)
    parser.add_argument("workspace", type=Path)
    only = "take this run alone, and end when standard input ends"
    parser.add_argument("--only", default="", metavar="RUN", help=only)
    options = parser.parse_args(arguments)
    privacy.begin()
    ws, locks = Workspace(options.workspace), devices.locks_folder()
    engine = EngineProcess("train", ws)
    if options.only:
        threading.Thread(target=_end_with_parent, args=[engine], daemon=True).start()
    try:
        _work_alone(ws, engine, locks, only=options.only)
    finally:
        engine.close()


def _work_alone(ws: Workspace, engine: EngineProcess, locks: Path, *, only: str = "") -> None:
    """Work under the lock of the workspace; look again after letting go, so no run is stranded."""
    lives_on = (lambda: True) if only else _needed(ws, engine, locks)
    while True:
        try:
            with devices.worker_lock(locks, ws).acquire(timeout=-1 if only else LOOK_SECONDS):
                engine.start()  # warm before the first run asks for it
                work(ws, engine, locks=locks, lives_on=lives_on, only=only)
        except Timeout:
            return
        if not runs.next_queued(ws, only):
            return


def _needed(ws: Workspace, engine: EngineProcess, locks: Path) -> Callable[[], bool]:
    """Tell whether the app lives, or the last run was less than ten minutes ago."""
    app = devices.app_lock(locks, ws)
    return lambda: time.monotonic() - engine.trained_at < IDLE_SECONDS or devices.is_held(app)


def _end_with_parent(engine: EngineProcess) -> None:
    sys.stdin.buffer.read()  # returns when the process that started this one is gone
    engine.kill()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
