"""One run and its training process: watched over until it ends, whichever way."""

import contextlib
import time
from typing import Any, Protocol

from filelock import Timeout

from core import files, locks, runs
from core.errors import UserError
from core.records import Progress, RunState, Stage, State
from core.records.requests import A, EngineRequest, RunEnded, TrainRun
from core.runs import recovery
from core.workspace import RunFolder, Workspace

LOOK_SECONDS = 1.0  # how long a lock may be held by somebody who only looks whether it is
HEED_SECONDS = 60.0  # how long a run that learns may stay silent after it was asked to stop
STEP_SECONDS = 180.0  # the same where it loads, saves or checks, which may take long in one piece
LAST_SECONDS = 600.0  # the same where the model of its checkpoint is saved: there is no other way
_LEARNS = (Stage.FEATURES, Stage.TRAINING)  # heard of several times a second


class RunEngine(Protocol):
    """What trains a run: a process of this machine, or one on a node of a cluster."""

    @property
    def alive(self) -> bool: ...

    @property
    def returncode(self) -> int | None: ...  # below zero: it was lost, and did not raise

    @property
    def lacked_memory(self) -> bool: ...  # the system ended it for its memory

    @property
    def lacked_node(self) -> bool: ...  # it never began, as a cluster had no node for it

    @property
    def node(self) -> str: ...  # of a cluster, by its name; empty: this machine, or not known yet

    def tell(self, request: EngineRequest[Any], ws: Workspace | None = None) -> None: ...
    def answer(self, request: EngineRequest[A], timeout: float) -> A | None: ...
    def twin(self, verb: str) -> "RunEngine": ...
    def kill(self) -> None: ...
    def close(self) -> None: ...


def supervise(
    ws: Workspace, run_id: str, engine: RunEngine, *, device: str, poll: float = 0.2
) -> None:
    """Train a queued run under its lock and write down how it ended."""
    with contextlib.suppress(Timeout), locks.hold(ws.run(run_id).lock, patience=LOOK_SECONDS):
        before = runs.state_of(ws, run_id)
        if before.state is not State.QUEUED:  # somebody else was faster
            return
        kept, ends = runs.num_kept(ws, run_id), runs.stop_requested(ws, run_id)
        if ends and not kept:
            runs.set_state(ws, run_id, State.STOPPED)
            return
        attempt = 1 if kept > before.kept and not ends else before.attempt + 1
        where = {"device": device, "node": "", "attempt": attempt}
        _begin_progress(ws.run(run_id))
        runs.set_state(ws, run_id, State.RUNNING, kept=kept, **where)  # type: ignore[arg-type]
        if not before.given_up:
            _attempt(ws, run_id, engine, before, poll=poll)
        else:
            with contextlib.closing(engine.twin("keep")) as other:
                _attempt(ws, run_id, other, before, poll=poll)


def _begin_progress(folder: RunFolder) -> None:
    """Have nobody take for news what an earlier attempt said: this one gets ready first."""
    with contextlib.suppress(OSError, UserError):  # there was none; a full disk: the run says so
        before = files.read_record(folder.progress, Progress)
        if before.done:
            files.write_record(folder.progress, Progress(stage=Stage.STARTING, done=before.done))
        else:
            folder.progress.unlink()


def _attempt(
    ws: Workspace, run_id: str, engine: RunEngine, before: RunState, *, poll: float
) -> None:
    request = TrainRun(run_id=run_id, halved=before.halved, given_up=before.given_up)
    try:
        engine.tell(request, ws)
        answer = _wait(ws, request, engine, poll=poll)
    except UserError as error:
        recovery.give_up(ws, run_id, error.problem)
        return
    if answer is not None:
        runs.set_state(ws, run_id, answer.ended)
    elif engine.lacked_node:
        recovery.requeue_waiting(ws, run_id)
    elif engine.lacked_memory:
        recovery.requeue_for_memory(ws, run_id, halved=before.halved)
    elif engine.returncode is not None and engine.returncode > 0:
        recovery.give_up_for_error(ws, run_id)
    else:
        recovery.requeue_lost(ws, run_id)


def _wait(ws: Workspace, request: TrainRun, engine: RunEngine, *, poll: float) -> RunEnded | None:
    """Wait for the answer; None when the process died.

    One that ignores a stop is killed, as is one whose run was taken away under it.
    """
    run_id, node = request.run_id, ""
    ear = _Ear(ws.run(run_id), is_last=runs.state_of(ws, run_id).given_up)
    while (answer := engine.answer(request, timeout=poll)) is None and engine.alive:
        is_gone = not ws.run(run_id).state.exists()
        if engine.node != node and not is_gone:
            node = engine.node
            runs.set_state(ws, run_id, State.RUNNING, node=node)
        if is_gone or (runs.stop_requested(ws, run_id) and ear.is_deaf_to_stop()):
            engine.kill()
    return answer or engine.answer(request, timeout=0)


class _Ear:
    """Hears one attempt at a run; what an earlier one left does not count.

    Silence is measured by a clock that nobody sets: that of the disk may be another machine's.
    """

    def __init__(self, folder: RunFolder, *, is_last: bool) -> None:
        self._folder, self._is_last = folder, is_last
        self._left = self._heard = self._listen()
        self._since = time.monotonic()

    def is_deaf_to_stop(self) -> bool:
        """Tell whether a run that was asked to stop has been silent for too long."""
        now = self._listen()
        if now != self._heard:
            self._heard, self._since = now, time.monotonic()
        return time.monotonic() - self._since > self._patience()

    def _patience(self) -> float:
        if self._is_last:
            return LAST_SECONDS
        if not any(self._folder.checkpoints.glob("*.npz")):  # nothing could be lost
            return HEED_SECONDS
        if self._heard[1] == self._left[1]:  # no word of progress yet: it loads
            return STEP_SECONDS
        learns = files.read_record(self._folder.progress, Progress).stage in _LEARNS
        return HEED_SECONDS if learns else STEP_SECONDS

    def _listen(self) -> tuple[int, int]:
        """Give when a stop was asked for and when progress was written, 0 for never."""
        stop, progress = (
            path.stat().st_mtime_ns if path.exists() else 0
            for path in (self._folder.stop, self._folder.progress)
        )
        return stop, progress
