"""Ask for an ingest, run it, and see how it stands: one folder in staging for each."""

import contextlib
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from filelock import Timeout

from core import datasets, files, locks, names, trash
from core.classroom import quotas
from core.errors import UserError
from core.ingest import asking, importing, opening, progress
from core.ingest.archives import archive, encodings
from core.ingest.decoding import reading
from core.ingest.progress import Report, Teller
from core.records import Answer, Dataset, IngestStage, IngestState
from core.records.imports import Options, Request
from core.runs import engine_process
from core.workspace import IngestFolder, Workspace

MAX_DATASET_NAME = 120
_KEEP_SECONDS = 86_400  # after which what an ingest left is swept away


def begin(ws: Workspace, name: str = "") -> str:
    """Open a staging folder for an ingest; its id becomes that of the data set.

    Raises `UserError` where the folder cannot be made, or a pupil has no room.
    """
    quotas.check_room(ws)
    ingest_id = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    staged = ws.ingest(ingest_id)
    try:
        _sweep(ws)
        staged.incoming.mkdir(parents=True)
        state = IngestState(stage=IngestStage.RECEIVING, name=_named(name))
        files.write_record(staged.state, state)
    except OSError as error:
        shutil.rmtree(staged.path, ignore_errors=True)
        raise progress.system(error) from error
    return ingest_id


def start(
    ws: Workspace,
    ingest_id: str,
    source: Path | None = None,
    name: str = "",
    *,
    options: Options | None = None,
    watched: bool = True,
) -> None:
    """Run an ingest in a process of its own, which outlives this one.

    ``watched``: its questions are answered by `answer`. Else guesses are taken, and said.
    """
    _ask(ws, ingest_id, (source,) if source else (), name, options, watched=watched)
    engine_process.detach("core.ingest", str(ws.root), ingest_id, log=ws.ingest(ingest_id).log)


def run(
    ws: Workspace,
    ingest_id: str,
    *,
    source: Path | None = None,
    beside: Sequence[Path] = (),
    options: Options | None = None,
    report: Report = lambda state: None,
) -> Dataset:
    """Run an ingest in this process, and give the data set. Raises `UserError` when there is none.

    With further files and folders ``beside`` the source, all are read as if they lay in one folder.
    """
    staged = ws.ingest(ingest_id)
    if source is not None or not staged.request.exists():
        _ask(ws, ingest_id, (source, *beside) if source else (), "", options)
    request = files.read_record(staged.request, Request)
    teller = Teller(staged, request.name, report)
    with _alone(staged):
        if ws.dataset(ingest_id).record.exists():
            return datasets.get(ws, ingest_id)  # asked twice
        try:
            with _tidied(staged):
                dataset = importing.ingest(ws, ingest_id, request, teller)
        except reading.IngestStopped:
            teller.end(IngestStage.STOPPED)
            raise progress.stopped() from None
        except OSError as error:
            teller.end(IngestStage.FAILED, error=progress.system(error))
            raise progress.system(error) from error
        except UserError as error:
            teller.end(IngestStage.FAILED, error=error)
            raise
        teller.end(IngestStage.DONE, dataset_id=dataset.id)
        return dataset


@contextlib.contextmanager
def _alone(staged: IngestFolder) -> Iterator[None]:
    """Hold the lock of an ingest, or say that another process has it."""
    try:
        with locks.hold(staged.lock, patience=progress.LOOKED_AT):
            yield
    except Timeout:
        raise progress.running() from None
    except OSError as error:
        raise progress.system(error) from error


def _ask(
    ws: Workspace,
    ingest_id: str,
    asked: Sequence[Path],
    name: str,
    options: Options | None,
    *,
    watched: bool = False,
) -> None:
    """Write down what the ingest is to read."""
    if not (options and options.dataset_id):
        try:
            quotas.check_another_dataset(ws)
        except UserError:
            discard(ws, ingest_id)  # what was sent would take the room of a pupil until tomorrow
            raise
    staged = ws.ingest(ingest_id)
    paths = list(dict.fromkeys(opening.settled(path) for path in asked))
    known = files.read_record(staged.state, IngestState).name
    shown = (
        _named(name)
        or known
        or (_named(encodings.readable(archive.stem(paths[0].resolve()))) if paths else "")
    )
    request = Request(
        sources=tuple(map(str, paths)), name=shown, options=options or Options(), watched=watched
    )
    try:
        files.write_record(staged.request, request)
    except OSError as error:
        raise progress.system(error) from error


def _named(name: str) -> str:
    return names.clean(name)[:MAX_DATASET_NAME]


@contextlib.contextmanager
def _tidied(staged: IngestFolder) -> Iterator[None]:
    """Clear up however it ends: on a full disk, that is the room for the last words."""
    try:
        yield
    finally:
        _tidy(staged)


def _tidy(staged: IngestFolder) -> None:
    """Leave only the little files that tell how it ended."""
    for path in staged.path.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def state(ws: Workspace, ingest_id: str) -> IngestState:
    """Tell how an ingest stands; one whose process died is said to be interrupted."""
    return progress.read_state(ws, ingest_id)


def answer(ws: Workspace, ingest_id: str, answers: Sequence[Answer]) -> None:
    """Answer the questions that an ingest waits for."""
    asking.record_answers(ws.ingest(ingest_id), answers)


def request_stop(ws: Workspace, ingest_id: str) -> None:
    """Ask an ingest to end; nothing of it is kept."""
    ws.ingest(ingest_id).stop.touch()


def discard(ws: Workspace, ingest_id: str) -> None:
    """Forget an ingest; a data set it has made stays. One that still reads is asked to stop."""
    staged = ws.ingest(ingest_id)
    if staged.path.exists() and progress.is_running(staged):
        request_stop(ws, ingest_id)
    else:
        shutil.rmtree(staged.path, ignore_errors=True)


def open_ingests(ws: Workspace) -> list[str]:
    """Give the ids of ingests that receive, read or ask, newest first."""
    waiting = (IngestStage.RECEIVING, IngestStage.READING, IngestStage.ASKING)
    return [i for i in _ids(ws) if state(ws, i).stage in waiting]


def _ids(ws: Workspace) -> list[str]:
    return sorted((path.parent.name for path in ws.staging.glob("*/state.json")), reverse=True)


def _sweep(ws: Workspace) -> None:
    """Remove what an interrupted ingest left, and all that has lain in staging since yesterday."""
    trash.expire(ws)
    for ingest_id in _ids(ws):
        with contextlib.suppress(FileNotFoundError):  # swept by another meanwhile
            _sweep_one(ws.ingest(ingest_id))
    for left in (*ws.staging.glob("deleted-*"), *ws.staged_runs.glob("*")):
        if _is_old(left):
            shutil.rmtree(left, ignore_errors=True)
    for part in files.parts(ws.root, ws.embeddings, *ws.datasets.glob("*"), *ws.runs.glob("*")):
        if _is_old(part):
            part.unlink(missing_ok=True)


def _sweep_one(staged: IngestFolder) -> None:
    """Look at the lock of an ingest only where it matters: one that starts needs it itself."""
    if _is_old(staged.state):
        if not progress.is_running(staged):
            shutil.rmtree(staged.path, ignore_errors=True)
    elif files.read_record(staged.state, IngestState).stage in progress.AT_WORK:
        with contextlib.suppress(Timeout, UserError), locks.hold(staged.lock):
            _tidy(staged)


def _is_old(path: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):  # swept by another meanwhile
        return time.time() - path.stat().st_mtime > _KEEP_SECONDS
    return False
