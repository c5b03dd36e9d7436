"""What the teacher does with the line of trainings: stop one, or have it taken next."""

from core import runs
from core.classroom import audit
from core.classroom.folder import TEACHER, ClassFolder
from core.records.classroom import ActKind
from core.runs.sharing import places
from core.teaching.roll import LinedRun


def stop(room: ClassFolder, one: LinedRun) -> None:
    """Ask a run of anybody's to end and to keep its model so far."""
    runs.request_stop(one.ws, one.run_id, by=TEACHER)


def take_next(room: ClassFolder, one: LinedRun) -> None:
    """Put a run that waits before all others."""
    places.of_class(room).put_first(one.ws, one.run_id)
    audit.log_in(room, TEACHER, ActKind.FIRST, one.owner_id or TEACHER, one.run_id)
