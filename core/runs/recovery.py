"""What becomes of a run that nobody trains any more: its training process, or its worker, died."""

import contextlib
from pathlib import Path

from core import locks, runs
from core.errors import Problem, UserError
from core.records import RunState, State
from core.runs import queue
from core.words import say
from core.workspace import Workspace

MAX_ATTEMPTS = 3  # a run that loses its process this often without a new epoch is not tried again
MAX_STOPS = 2  # attempts at ending a run that was to stop, before its training is given up
_COUNTS = Path("/proc/vmstat")


def reconcile(ws: Workspace, only: str = "") -> bool:
    """Put back on the queue the runs that nobody trains any more, or that one ``only``.

    Anybody may do it who looks: the lock of a run says whether it is alive. True if there were any.
    """
    running = [
        i for i, s in runs.states(ws).items() if s.state is State.RUNNING and queue.is_part(i, only)
    ]
    found = [run_id for run_id in running if _take_back(ws, run_id)]
    if found:
        runs.call_worker(ws)
    return bool(found)


def _take_back(ws: Workspace, run_id: str) -> bool:
    with contextlib.suppress(OSError, UserError):  # trained, deleted, or not ours to write
        if runs.state_of(ws, run_id).state is not State.RUNNING:
            return False
        with locks.hold(ws.run(run_id).lock):
            if runs.state_of(ws, run_id).state is State.RUNNING:  # it may have ended just now
                requeue_lost(ws, run_id)
                return True
    return False


def requeue_lost(ws: Workspace, run_id: str) -> None:
    """Queue a run again that was lost, unless too often. Only for whoever holds its lock."""
    state = runs.state_of(ws, run_id)
    ends = runs.stop_requested(ws, run_id) and not state.given_up
    if ends and not runs.has_checkpoint(ws, run_id):
        runs.set_state(ws, run_id, State.STOPPED)
    elif (ends and state.attempt >= MAX_STOPS) or _is_fruitless(ws, run_id, state):
        give_up(ws, run_id, _gave_up(state.attempt))
    else:
        runs.set_state(ws, run_id, State.QUEUED)


def requeue_waiting(ws: Workspace, run_id: str) -> None:
    """Queue a run again for which a cluster had no node: that was no attempt at it."""
    state = runs.state_of(ws, run_id)
    if runs.stop_requested(ws, run_id) and not runs.has_checkpoint(ws, run_id):
        runs.set_state(ws, run_id, State.STOPPED)
    else:
        runs.set_state(ws, run_id, State.QUEUED, attempt=max(0, state.attempt - 1))


def _is_fruitless(ws: Workspace, run_id: str, state: RunState) -> bool:
    return state.attempt >= MAX_ATTEMPTS and runs.num_kept(ws, run_id) <= state.kept


def give_up(ws: Workspace, run_id: str, error: Problem) -> None:
    """Fail a run; one that was to stop has the model of its last checkpoint saved instead."""
    given_up = runs.state_of(ws, run_id).given_up
    if runs.stop_requested(ws, run_id) and runs.has_checkpoint(ws, run_id) and not given_up:
        runs.set_state(ws, run_id, State.QUEUED, given_up=True, attempt=0)
    else:
        runs.set_state(ws, run_id, State.FAILED, error=error)


def give_up_for_error(ws: Workspace, run_id: str) -> None:
    """Give up a run that raised: it would raise again."""
    give_up(ws, run_id, _raised())


def requeue_for_memory(ws: Workspace, run_id: str, *, halved: bool) -> None:
    """Have a run tried with half its batch, once, after the system ended it for its memory."""
    ends = runs.stop_requested(ws, run_id) and runs.has_checkpoint(ws, run_id)
    if halved or ends:  # half a batch would start from nothing
        give_up(ws, run_id, _too_hungry())
    else:
        runs.set_state(ws, run_id, State.QUEUED, halved=True)


def memory_kills() -> int:
    """Count the processes that the system has ended for lack of memory; 0 where it does not say."""
    try:
        lines = _COUNTS.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return 0
    found = (line.split() for line in lines if line.startswith("oom_kill "))
    return next((int(words[1]) for words in found), 0)


def _raised() -> Problem:
    return Problem(
        what=say("The training process ended with an unexpected error."),
        expected=say("It should have ended with a trained model."),
        mend=say("What it printed last stands below; clone the run and change one setting."),
    )


def _gave_up(attempts: int) -> Problem:
    return Problem(
        what=say("The training process was cut off {attempts} times.", attempts=attempts),
        expected=say("Most often the machine ran out of memory, or was switched off."),
        mend=say("Clone the run with a smaller image size, batch size or backbone."),
    )


def _too_hungry() -> Problem:
    return Problem(
        what=say("The system ended the training twice, as memory ran out."),
        expected=say("Training, also with half of that batch, must fit into the memory."),
        mend=say("Choose a smaller image size, a smaller backbone, or freeze more of it."),
    )
