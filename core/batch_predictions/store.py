"""Batches of predictions on disk: begin, list, stop, go on, delete."""

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core import files, locks, runs, trash
from core.batch_predictions.folder import BatchFolder, folder_of
from core.classroom import audit
from core.errors import UserError
from core.ingest import opening, progress
from core.records.batches import BatchMark, BatchRequest, BatchRow, BatchStage, BatchState
from core.records.classroom import ActKind
from core.runs import engine_process, inference
from core.words import say
from core.workspace import Workspace

MOST_STALLED = 3  # processes in a row that ended without an answer: the next one would as well
ACTIVE = (BatchStage.WAITING, BatchStage.RUNNING)
_START_SECONDS = 30.0  # a process that has not begun by then never will


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch as it stands."""

    id: str
    request: BatchRequest
    state: BatchState


def begin(
    ws: Workspace,
    run_id: str,
    *,
    name: str,
    source: Path | None = None,
    uploaded: str = "",
    encoding: str = "",
) -> str:
    """Have a run's model asked about all images of a folder or archive, or of an upload.

    What was uploaded is taken over. Raises `UserError` where the run has no model, or where nothing
    can be written.
    """
    inference.check_finished(ws, run_id)
    card = runs.get(ws, run_id).card
    batch_id = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    folder = folder_of(ws, batch_id)
    request = BatchRequest(
        run_id=run_id,
        labels=card.labels if card else (),
        target=card.target if card else None,
        name=name,
        created_at=time.time(),
        sources=(str(opening.settled(source)),) if source else (),
        encoding=encoding,
        bands=card.bands if card else "",
    )
    try:
        folder.path.mkdir(parents=True)
        if uploaded:
            _take_over(ws, uploaded, folder)
        files.write_record(folder.state, BatchState(stage=BatchStage.WAITING))
        files.write_record(folder.request, request)
    except OSError as error:
        shutil.rmtree(folder.path, ignore_errors=True)
        raise progress.system(error) from error
    audit.log(ws, ActKind.PREDICT, batch_id)
    start(ws, batch_id)
    return batch_id


def _take_over(ws: Workspace, uploaded: str, folder: BatchFolder) -> None:
    staged = ws.ingest(uploaded)
    os.rename(staged.incoming, folder.source.incoming)
    shutil.rmtree(staged.path, ignore_errors=True)


def start(ws: Workspace, batch_id: str, *work: str) -> None:
    """Have a process work on a batch; where there is one, the new one ends by itself."""
    arguments = (str(ws.root), batch_id, *work)
    log = folder_of(ws, batch_id).log
    engine_process.detach("core.batch_predictions", *arguments, log=log)


def get(ws: Workspace, batch_id: str) -> Batch:
    """Read how a batch stands. Raises `UserError` where there is none of that id."""
    folder = folder_of(ws, batch_id)
    try:
        request = files.read_record(folder.request, BatchRequest)
        state = files.read_record(folder.state, BatchState)
    except FileNotFoundError:
        raise _unknown(ws, batch_id) from None
    return Batch(id=batch_id, request=request, state=state)


def listing(ws: Workspace) -> list[Batch]:
    """Read all batches, newest first."""
    found = list[Batch]()
    for path in sorted(ws.predictions.glob("*/request.json"), reverse=True):
        with contextlib.suppress(UserError):  # deleted meanwhile, or damaged
            found.append(get(ws, path.parent.name))
    return found


def rows(ws: Workspace, batch_id: str) -> tuple[BatchRow, ...]:
    """Read all answers so far."""
    return files.read_records(folder_of(ws, batch_id).rows, BatchRow)


def marks(ws: Workspace, batch_id: str) -> dict[str, str]:
    """Give what a person said that images are, by their names."""
    found = files.read_records(folder_of(ws, batch_id).marks, BatchMark)
    return {mark.file: mark.label for mark in found}


def write_marks(ws: Workspace, batch_id: str, marks: Mapping[str, str]) -> None:
    """Remember all that a person said of a batch."""
    rows = (BatchMark(file=file, label=label) for file, label in marks.items())
    files.write_records(folder_of(ws, batch_id).marks, rows)


def changed_at(ws: Workspace, batch_id: str) -> int:
    """Tell when the last answer was written, in nanoseconds; 0: there is none yet."""
    path = folder_of(ws, batch_id).rows
    return path.stat().st_mtime_ns if path.exists() else 0


def request_stop(ws: Workspace, batch_id: str) -> None:
    """Ask a batch to end; what was answered stays."""
    folder_of(ws, batch_id).stop.touch()


def go_on(ws: Workspace, batch_id: str) -> None:
    """Have a batch that was stopped, or that failed, go on where it was."""
    folder, state = folder_of(ws, batch_id), get(ws, batch_id).state
    folder.stop.unlink(missing_ok=True)
    waiting = replace(state, stage=BatchStage.WAITING, stalled=0, error=None, eta_seconds=None)
    files.write_record(folder.state, waiting)
    start(ws, batch_id)


def revive(ws: Workspace) -> None:
    """Have batches go on whose process died; one that dies again and again has failed."""
    for batch in listing(ws):
        folder = folder_of(ws, batch.id)
        if batch.state.stage not in ACTIVE or not is_left(folder, folder.state):
            continue
        if folder.stop.exists():
            files.write_record(folder.state, replace(batch.state, stage=BatchStage.STOPPED))
        elif batch.state.stalled >= MOST_STALLED:
            failed = replace(batch.state, stage=BatchStage.FAILED, error=_interrupted().problem)
            files.write_record(folder.state, failed)
        else:
            start(ws, batch.id)


def try_to_revive(ws: Workspace) -> None:
    """Have batches go on that were cut off; what is in the way now may not be later."""
    with contextlib.suppress(OSError, UserError):
        revive(ws)


def is_left(folder: BatchFolder, state: Path) -> bool:
    """Tell whether no process works on a batch, nor is about to write to that state."""
    is_new = time.time() - state.stat().st_mtime < _START_SECONDS
    return not (is_new or locks.is_held(folder.lock))


def is_running(ws: Workspace, batch_id: str) -> bool:
    """Tell whether a process works on a batch."""
    return locks.is_held(folder_of(ws, batch_id).lock)


def delete(ws: Workspace, batch_id: str) -> None:
    """Put a batch, and what was uploaded for it, into the trash. Raises `UserError` if it runs."""
    get(ws, batch_id)
    if is_running(ws, batch_id):
        raise _busy()
    trash.put(ws, trash.TrashKind.BATCH, batch_id)
    audit.log(ws, ActKind.DELETE, batch_id)


def restore(ws: Workspace, batch_id: str) -> None:
    """Take a batch out of the trash, as it was; `revive` has one go on that was under way."""
    trash.restore(ws, trash.find(ws, batch_id))
    audit.log(ws, ActKind.RESTORE, batch_id)


def _unknown(ws: Workspace, batch_id: str) -> UserError:
    return UserError(
        say("There is no folder of predictions called '{name}'.", name=batch_id),
        expected=say("One that was not deleted."),
        mend=trash.way_back(ws, trash.TrashKind.BATCH, batch_id)
        or say("Choose one from the list."),
    )


def _busy() -> UserError:
    return UserError(
        say("Its images are still being looked at."),
        expected=say("A folder of predictions that is done or was stopped."),
        mend=say("Stop it first."),
    )


def _interrupted() -> UserError:
    return UserError(
        say("The program that asks the model was ended again and again."),
        expected=say("Memory enough for the model and one image at a time."),
        mend=say("Close other programs, then go on; log.txt in its folder says more."),
    )
