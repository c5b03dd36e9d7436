"""The one dispatcher of a workspace: takes queued runs, as many at once as a cluster has room for.

Queue, attempts and states are those of the run store, and it alone writes them; the cluster under
it is never asked to try anything again.
"""

import contextlib
import sys
import threading
import time
from collections.abc import Callable

from core import files, runs
from core.cluster.desks import Desk
from core.errors import Problem, UserError
from core.records import State
from core.runs import recovery
from core.runs.sharing.places import Place
from core.runs.supervising import supervise
from core.runs.worker import changes
from core.words import say
from core.workspace import Workspace

POLL = 0.5  # seconds between looks; a stop is heeded, and a page follows, that much later
PAUSE = 5.0  # seconds before a run is taken again of which the folder could not be used

Taken = dict[tuple[Workspace, str], threading.Thread]


def dispatch(
    place: Place,
    desk: Desk,
    *,
    lives_on: Callable[[], bool],
    only: str = "",
    poll: float = POLL,
) -> None:
    """Have runs trained until there are none and ``lives_on`` says that nobody needs it."""
    taken: Taken = {}
    seen, is_left = None, False
    while True:
        num_before = len(taken)
        taken = {run: thread for run, thread in taken.items() if thread.is_alive()}
        desk.trained_at = time.monotonic() if num_before else desk.trained_at
        now = changes(place)
        if now != seen or len(taken) < num_before or is_left:
            seen, is_left = now, _take_all(place, desk, taken, only, poll)
        if not taken and not is_left and not lives_on():
            return
        time.sleep(poll)


def _take_all(place: Place, desk: Desk, taken: Taken, only: str, poll: float) -> bool:
    """Begin what there is room for; tell whether some are left for want of it."""
    for ws in place.workspaces():
        recovery.reconcile(ws)
    while found := place.next_run(only):
        at_once = desk.num_at_once()
        _tell(place, None if at_once else _no_node())
        if found in taken or len(taken) >= at_once:
            return True
        taken[found] = threading.Thread(
            target=_train, args=[place, *found, desk, poll], daemon=True
        )
        taken[found].start()
        while taken[found].is_alive() and _waits(*found):  # it writes that it runs
            time.sleep(0.02)
        if _waits(*found):  # another workspace has all devices
            return True
    _tell(place, None)
    return False


def _tell(place: Place, problem: Problem | None) -> None:
    """Say on the pages why runs wait, as long as they do."""
    path = place.ws.no_worker
    with contextlib.suppress(OSError):  # a full disk
        if problem is None:
            path.unlink(missing_ok=True)
        elif not path.exists():
            files.write_record(path, problem)


def _no_node() -> Problem:
    return Problem(
        what=say("No computer of the cluster is there to train."),
        expected=say("At least one node with a processor to give must have joined its head."),
        mend=say("Start one as docs/cluster.md says; the runs that wait then go on by themselves."),
    )


def _waits(ws: Workspace, run_id: str) -> bool:
    try:
        return runs.state_of(ws, run_id).state is State.QUEUED
    except OSError:
        return False


def _train(place: Place, ws: Workspace, run_id: str, desk: Desk, poll: float) -> None:
    try:
        with desk.engine() as engine:
            if engine is not None:
                place.serve(ws)
                supervise(ws, run_id, engine, device=desk.device, poll=poll)
    except (OSError, UserError) as error:
        if ws.run(run_id).state.exists():  # else it was deleted meanwhile
            print(f"{run_id}: {error}", file=sys.stderr, flush=True)
            time.sleep(PAUSE)
