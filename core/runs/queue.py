"""Which run is next, and how one is put back, called off or taken out of the trash."""

import contextlib
import os

from core import files, trash
from core.classroom import audit
from core.records import State
from core.records.classroom import ActKind
from core.run_folder import OF_STUDY
from core.runs import making, store
from core.words import Message, nsay
from core.workspace import Workspace


def next_queued(ws: Workspace, only: str = "") -> str | None:
    """Give the oldest queued run; ``only`` is the one run, or study, that counts."""
    queued = (i for i, s in store.states(ws).items() if s.state is State.QUEUED)
    return next((i for i in queued if is_part(i, only)), None)


def is_part(run_id: str, only: str) -> bool:
    """Tell whether a run is that one, or of that study; any is where none is named."""
    return not only or run_id == only or run_id.startswith(f"{only}{OF_STUDY}")


def requeue(ws: Workspace, run_id: str) -> None:
    """Put a run that failed on the queue again: it goes on from its last whole epoch."""
    if store.get(ws, run_id).state.state is State.FAILED:
        making.check_line(ws)
        ws.run(run_id).stop.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # there is no room for it yet
            files.write_bytes(ws.run(run_id).reserve, os.urandom(store.RESERVE))
        store.set_state(ws, run_id, State.QUEUED, attempt=0, halved=False, given_up=False)
        audit.log(ws, ActKind.RESUME, run_id)
        call_worker(ws)


def call_worker(ws: Workspace) -> None:
    """Have an idle worker look again, as it does when a run is made."""
    os.utime(ws.runs)


def request_stop(ws: Workspace, run_id: str, *, by: str = "") -> None:
    """Ask a run to end and to keep its model so far; a queued one without ends at once.

    ``by``: the person who asks, where that is not its owner.
    """
    run = store.get(ws, run_id)
    if run.state.state in (State.QUEUED, State.RUNNING):
        ws.run(run_id).stop.touch()  # first: a worker that takes it now sees that
        audit.log(ws, ActKind.STOP, run_id, by=by)
    if run.state.state is State.QUEUED and not store.has_checkpoint(ws, run_id):
        store.set_state(ws, run_id, State.STOPPED)


def stop_requested(ws: Workspace, run_id: str) -> bool:
    """Tell whether a run was asked to end."""
    return ws.run(run_id).stop.exists()


def learning_from(ws: Workspace, name: str) -> Message | None:
    """Tell of runs that need a data set, a backbone or a teacher and have not ended, if any."""
    active = (run for run in store.all_runs(ws) if run.state.state in (State.QUEUED, State.RUNNING))
    needed = ((r.config.dataset_id, r.config.backbone, r.config.teacher) for r in active)
    busy = sum(name in names for names in needed)
    if not busy:
        return None
    return nsay(
        "{num} run still needs it and will fail.",
        "{num} runs still need it and will fail.",
        num=busy,
    )


def restore(ws: Workspace, run_id: str) -> None:
    """Take a run out of the trash, as it was; one that waited in the queue waits again."""
    trash.restore(ws, trash.find(ws, run_id))
    audit.log(ws, ActKind.RESTORE, run_id)
    call_worker(ws)
