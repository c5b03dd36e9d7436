"""What becomes of a run whose training process died."""

from pathlib import Path

from core import runs
from core.errors import Problem
from core.records import State
from core.words import say
from core.workspace import Workspace

MAX_ATTEMPTS = 3  # a run that brings its process down this often is not tried again
_COUNTS = Path("/proc/vmstat")


def bury(ws: Workspace, run_id: str, *, attempt: int) -> None:
    """Queue a run again that was lost, unless too often; one that was to stop saves its best."""
    if runs.stop_requested(ws, run_id) and not runs.has_checkpoint(ws, run_id):
        runs.set_state(ws, run_id, State.STOPPED)
    elif attempt >= MAX_ATTEMPTS:
        runs.set_state(ws, run_id, State.FAILED, error=_gave_up(attempt))
    else:
        runs.set_state(ws, run_id, State.QUEUED)


def bury_for_error(ws: Workspace, run_id: str) -> None:
    """Give up a run that raised: it would raise again."""
    runs.set_state(ws, run_id, State.FAILED, error=_raised())


def bury_for_memory(ws: Workspace, run_id: str, *, halved: bool) -> None:
    """Have a run tried with half its batch, once, after the system ended it for its memory."""
    if halved:
        runs.set_state(ws, run_id, State.FAILED, error=_too_hungry())
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
