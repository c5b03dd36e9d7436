"""Ask for an ingest, run it, and see how it stands: one folder in staging for each."""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from core import files
from core.errors import UserError
from core.ingest import building, layouts, names, reading, sources
from core.records import Dataset, IngestStage, IngestState
from core.words import say
from core.workspace import DatasetFolder, IngestFolder, Workspace

ROOT = Path(__file__).parents[2]
MAX_DATASET_NAME = 120
_START_SECONDS = 60  # a process that has not begun by then never will
_KEEP_SECONDS = 86_400  # after which what an ingest left is swept away
_EVERY = 0.25  # seconds between two states on disk
Report = Callable[[IngestState], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to read; without a source, what was received from a browser."""

    source: str = ""
    name: str = ""
    label: str = ""  # the one class of single files
    seed: int = 0


def begin(ws: Workspace, name: str = "") -> str:
    """Open a staging folder for an ingest; its id becomes that of the data set."""
    _sweep(ws)
    ingest_id = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    staged = ws.ingest(ingest_id)
    staged.incoming.mkdir(parents=True)
    files.write_record(staged.state, IngestState(stage=IngestStage.RECEIVING, name=_named(name)))
    return ingest_id


def receive(ws: Workspace, ingest_id: str, file: str, data: bytes) -> None:
    """Store one file of an upload under a name of ours; sent twice, it counts once."""
    stored = hashlib.sha256(file.encode("utf-8", "replace")).hexdigest()
    incoming = ws.ingest(ingest_id).incoming
    files.write_bytes(incoming / stored, data)
    row = sources.Received(file=file, stored=stored)
    files.append_record(incoming / sources.NAMES, row)


def ask(
    ws: Workspace, ingest_id: str, source: Path | None = None, *, name: str = "", label: str = ""
) -> None:
    """Write down what the ingest is to read."""
    staged = ws.ingest(ingest_id)
    path = str(source.expanduser().absolute()) if source else ""
    known = files.read_record(staged.state, IngestState).name
    request = Request(source=path, name=_named(name) or known, label=label)
    files.write_record(staged.request, request)


def start(
    ws: Workspace, ingest_id: str, source: Path | None = None, name: str = "", *, label: str = ""
) -> None:
    """Run an ingest in a process of its own, which outlives this one."""
    ask(ws, ingest_id, source, name=name, label=label)
    with ws.ingest(ingest_id).log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "core.ingest", str(ws.root.absolute()), ingest_id],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=os.name != "nt",
        )
    threading.Thread(target=process.wait, daemon=True).start()  # leaves no zombie


def run(
    ws: Workspace,
    ingest_id: str,
    *,
    source: Path | None = None,
    label: str = "",
    report: Report = lambda state: None,
) -> Dataset:
    """Run an ingest in this process, and give the data set; `UserError` when there is none."""
    staged = ws.ingest(ingest_id)
    if source is not None or not staged.request.exists():
        ask(ws, ingest_id, source, label=label)
    request = files.read_record(staged.request, Request)
    teller = _Teller(staged, request.name, report)
    with FileLock(staged.lock):
        try:
            dataset = _ingest(ws, ingest_id, request, teller)
        except UserError as error:
            building.clear(DatasetFolder(staged.dataset))
            teller.end(IngestStage.FAILED, error=error)
            raise
        except reading.Stopped:
            building.clear(DatasetFolder(staged.dataset))
            teller.end(IngestStage.STOPPED)
            raise _stopped() from None
        teller.end(IngestStage.DONE, dataset_id=dataset.id)
        shutil.rmtree(staged.incoming, ignore_errors=True)
        return dataset


def _ingest(ws: Workspace, ingest_id: str, request: Request, teller: "_Teller") -> Dataset:
    staged, folder = ws.ingest(ingest_id), DatasetFolder(ws.ingest(ingest_id).dataset)
    building.clear(folder)
    folder.images.mkdir(parents=True)
    path = Path(request.source) if request.source else staged.incoming
    with sources.opened(path, staged) as source:
        layout = layouts.understand(source, request.label)
        teller.begin(len(layout.items))
        kept, refused = reading.read_all(
            layout.items, source, folder, progress=teller.progress, stop=staged.stop.exists
        )
    found = building.gather(source, layout, kept, refused)
    images = building.images_of(found.kept, seed=request.seed)
    name = request.name or _named(path.stem)
    dataset = building.dataset_of(ingest_id, name, images, found, request.seed)
    building.write(folder, dataset, images, found)
    building.commit(ws, folder, ingest_id)
    return dataset


class _Teller:
    """Writes how an ingest stands, not too often, and tells whoever listens."""

    def __init__(self, staged: IngestFolder, name: str, report: Report) -> None:
        self._staged, self._report = staged, report
        self._state = IngestState(stage=IngestStage.READING, name=name)
        self._told = 0.0

    def begin(self, total: int) -> None:
        self._tell(replace(self._state, total=total))

    def progress(self, done: int, seconds: float) -> None:
        now = time.monotonic()
        if now - self._told >= _EVERY or done == self._state.total:
            self._told = now
            left = (self._state.total - done) * seconds / done
            self._tell(replace(self._state, done=done, eta_seconds=round(left, 1)))

    def end(
        self, stage: IngestStage, *, dataset_id: str = "", error: UserError | None = None
    ) -> None:
        problem = error.problem if error else None
        self._tell(
            replace(
                self._state, stage=stage, dataset_id=dataset_id, error=problem, eta_seconds=None
            )
        )

    def _tell(self, state: IngestState) -> None:
        self._state = state
        files.write_record(self._staged.state, state)
        self._report(state)


def state(ws: Workspace, ingest_id: str) -> IngestState:
    """Tell how an ingest stands; one whose process died is said to be interrupted."""
    staged = ws.ingest(ingest_id)
    if not staged.state.exists():
        raise _unknown(ingest_id)
    known = files.read_record(staged.state, IngestState)
    if known.stage is IngestStage.READING or _never_began(staged, known):
        return known if _is_held(staged) else _after_death(ws, ingest_id)
    return known


def _never_began(staged: IngestFolder, known: IngestState) -> bool:
    if known.stage is not IngestStage.RECEIVING or not staged.request.exists():
        return False
    return time.time() - staged.request.stat().st_mtime > _START_SECONDS


def _is_held(staged: IngestFolder) -> bool:
    try:
        with FileLock(staged.lock, timeout=0):
            return False
    except Timeout:
        return True


def _after_death(ws: Workspace, ingest_id: str) -> IngestState:
    """Read again without the race: it may have ended well just now, or just after its commit."""
    known = files.read_record(ws.ingest(ingest_id).state, IngestState)
    if known.stage not in (IngestStage.READING, IngestStage.RECEIVING):
        return known
    if ws.dataset(ingest_id).record.exists():
        return replace(known, stage=IngestStage.DONE, dataset_id=ingest_id, eta_seconds=None)
    return replace(known, stage=IngestStage.FAILED, error=_interrupted().problem, eta_seconds=None)


def request_stop(ws: Workspace, ingest_id: str) -> None:
    """Ask an ingest to end; nothing of it is kept."""
    ws.ingest(ingest_id).stop.touch()


def discard(ws: Workspace, ingest_id: str) -> None:
    """Forget an ingest; a data set it has made stays. One that still reads is asked to stop."""
    staged = ws.ingest(ingest_id)
    if staged.path.exists() and _is_held(staged):
        request_stop(ws, ingest_id)
    else:
        shutil.rmtree(staged.path, ignore_errors=True)


def open_ingests(ws: Workspace) -> list[str]:
    """Give the ids of ingests that receive or read, newest first."""
    waiting = (IngestStage.RECEIVING, IngestStage.READING)
    return [i for i in _ids(ws) if state(ws, i).stage in waiting]


def _ids(ws: Workspace) -> list[str]:
    return sorted((path.parent.name for path in ws.staging.glob("*/state.json")), reverse=True)


def _sweep(ws: Workspace) -> None:
    """Remove what ended, or was given up, more than a day ago."""
    for ingest_id in _ids(ws):
        staged = ws.ingest(ingest_id)
        if time.time() - staged.state.stat().st_mtime > _KEEP_SECONDS and not _is_held(staged):
            shutil.rmtree(staged.path, ignore_errors=True)


def _named(name: str) -> str:
    return names.clean(name)[:MAX_DATASET_NAME]


def _stopped() -> UserError:
    return UserError(
        say("The import was stopped."),
        expected=say("Nothing of it was kept."),
        mend=say("Start it again when you like."),
    )


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
