"""How an ingest stands, written to its folder as it goes, and read back after a crash."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace

from core import files, locks
from core.errors import UserError
from core.records import IngestStage, IngestState, Question
from core.words import say
from core.workspace import IngestFolder, Workspace

_START_SECONDS = 600  # a process that has not begun by then never will, however busy the machine
LOOKED_AT = 1.0  # seconds; for a moment, somebody who looks whether an ingest runs has its lock
AT_WORK = (IngestStage.READING, IngestStage.ASKING)  # a process has it, or it is over
_EVERY = 0.25  # seconds between two states on disk
Report = Callable[[IngestState], None]


class Teller:
    """Writes how an ingest stands, not too often, and tells whoever listens."""

    def __init__(self, staged: IngestFolder, name: str, report: Report) -> None:
        self._staged, self._report = staged, report
        self._state = IngestState(stage=IngestStage.READING, name=name)
        self._told = 0.0

    def begin(self, total: int) -> None:
        self._tell(replace(self._state, total=total))

    def ask(self, questions: tuple[Question, ...]) -> None:
        """Show questions until `go_on`."""
        self._tell(replace(self._state, stage=IngestStage.ASKING, questions=questions))

    def go_on(self) -> None:
        """Show that it reads again."""
        self._tell(replace(self._state, stage=IngestStage.READING, questions=()))

    def progress(self, done: int, seconds: float) -> None:
        now = time.monotonic()
        if now - self._told >= _EVERY or done == self._state.total:
            self._told = now
            left = (self._state.total - done) * seconds / done
            self._tell(replace(self._state, done=done, eta_seconds=round(left, 1)))

    def end(
        self, stage: IngestStage, *, dataset_id: str = "", error: UserError | None = None
    ) -> None:
        """Tell how it ended; where that cannot be written, `read` finds it out."""
        ended = replace(
            self._state, stage=stage, dataset_id=dataset_id, eta_seconds=None, questions=()
        )
        with contextlib.suppress(OSError):
            self._tell(replace(ended, error=error.problem if error else None))

    def _tell(self, state: IngestState) -> None:
        self._state = state
        files.write_record(self._staged.state, state)
        self._report(state)


def read_state(ws: Workspace, ingest_id: str) -> IngestState:
    """Tell how an ingest stands; one whose process died is said to be interrupted.

    Raises `UserError` where there is none of that id.
    """
    staged = ws.ingest(ingest_id)
    if not staged.state.exists():
        raise _unknown(ingest_id)
    known = files.read_record(staged.state, IngestState)
    if known.stage in AT_WORK or _never_began(staged, known):
        return known if is_running(staged) else _after_death(ws, ingest_id)
    return known


def _never_began(staged: IngestFolder, known: IngestState) -> bool:
    if known.stage is not IngestStage.RECEIVING or not staged.request.exists():
        return False
    return time.time() - staged.request.stat().st_mtime > _START_SECONDS


def is_running(staged: IngestFolder) -> bool:
    """Tell whether a process holds the lock of an ingest; the system frees it at its death."""
    return locks.is_held(staged.lock)


def _after_death(ws: Workspace, ingest_id: str) -> IngestState:
    """Read again without the race: it may have ended well just now, or just after its commit."""
    known = files.read_record(ws.ingest(ingest_id).state, IngestState)
    if known.stage not in (*AT_WORK, IngestStage.RECEIVING):
        return known
    ended = replace(known, eta_seconds=None, questions=())
    if ws.dataset(ingest_id).record.exists():
        return replace(ended, stage=IngestStage.DONE, dataset_id=ingest_id)
    return replace(ended, stage=IngestStage.FAILED, error=_interrupted().problem)


def _interrupted() -> UserError:
    return UserError(
        say("The import was interrupted before it was done."),
        expected=say("Nothing of it was kept."),
        mend=say("Start it again."),
    )


def _unknown(ingest_id: str) -> UserError:
    return UserError(
        say("There is no import called '{name}'.", name=ingest_id),
        expected=say("An import that was begun less than a day ago."),
        mend=say("Start it again."),
    )


def system(error: OSError) -> UserError:
    """The system did not let something be written."""
    why = say("The system did not let the images be stored: {why}.", why=error.strerror or "?")
    return UserError(
        say("The disk is full.") if error.errno in files.FULL else why,
        expected=say("Room on the disk, and permission to write to the workspace."),
        mend=say("Free some room or choose another workspace, then start the import again."),
    )


def running() -> UserError:
    """Another process has this ingest."""
    return UserError(
        say("This import is running already."),
        expected=say("One process for each import."),
        mend=say("Wait until it is done."),
    )


def stopped() -> UserError:
    """The user asked it to stop."""
    return UserError(
        say("The import was stopped."),
        expected=say("Nothing of it was kept."),
        mend=say("Start it again when you like."),
    )
