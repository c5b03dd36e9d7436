"""The work on a batch: decode each image apart, ask the model of a few at a time, write it down.

Every answer is on disk before the next images are read, so a process that is killed goes on where
it was; decoding is done by processes of its own, so no image can end this one.
"""

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

from filelock import Timeout

from core import files, locks, trash
from core.batch_predictions import truths
from core.batch_predictions.folder import BatchFolder, folder_of
from core.batch_predictions.source import opened
from core.batch_predictions.tables import MOST_CLASSES
from core.classroom import slots
from core.classroom.slots import Slot
from core.errors import Problem, UserError
from core.ingest import progress
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.decoding import pool
from core.ingest.decoding.pool import DecodeResult
from core.ingest.layouts.folders import is_picture
from core.records import FileReport, LearnedTarget, Prediction, Verdict
from core.records.batches import BatchRequest, BatchRow, BatchStage, BatchState
from core.runs.inference import Engine, check_finished
from core.words import say
from core.workspace import Workspace

AT_ONCE = 32  # images in one question
MOST_SCORES = 5  # kept of each image where there are too many classes for a column each
_LOOK = 1.0  # seconds between two looks whether another batch is done, or this one to stop


@dataclass(slots=True)
class _Job:
    """A batch under way."""

    ws: Workspace
    folder: BatchFolder
    request: BatchRequest
    engine: Engine
    state: BatchState
    true: Mapping[str, float] = field(default_factory=dict)  # numbers that are known, by path

    def tell(self, **changes: object) -> None:
        """Write down how it stands."""
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        files.write_record(self.folder.state, self.state)

    def is_stopped(self) -> bool:
        is_gone = not self.folder.request.exists()  # with the one whose workspace it was
        return is_gone or self.folder.stop.exists()


def work(ws: Workspace, batch_id: str, engine: Engine) -> None:
    """Work on a batch to its end; how it stands, and why it failed, is in its state."""
    folder = folder_of(ws, batch_id)
    request = files.read_record(folder.request, BatchRequest)
    with locks.hold(folder.lock, patience=progress.LOOKED_AT):
        state = files.read_record(folder.state, BatchState)
        if state.stage in (BatchStage.DONE, BatchStage.STOPPED):
            return
        job = _Job(ws, folder, request, engine, replace(state, stalled=state.stalled + 1))
        try:
            with ExitStack() as turn:
                if _is_turn(job, turn):
                    with slots.taken(ws, Slot.PREDICTIONS, stop=job.is_stopped):
                        _work(job)
        except UserError as error:
            job.tell(stage=BatchStage.FAILED, error=error.problem, eta_seconds=None)
            return
        except OSError as error:
            why = progress.system(error).problem
            job.tell(stage=BatchStage.FAILED, error=why, eta_seconds=None)
            return
        stage = BatchStage.STOPPED if job.is_stopped() else BatchStage.DONE
        job.tell(stage=stage, eta_seconds=None, stalled=0)


def _is_turn(job: _Job, turn: ExitStack) -> bool:
    """Wait until no other batch is worked on, and hold the place; False: stopped before."""
    job.tell(stage=BatchStage.WAITING)
    while not job.is_stopped():
        with suppress(Timeout):
            turn.enter_context(locks.hold(job.ws.predictions / "lock", patience=_LOOK))
            return True
    return False


def _work(job: _Job) -> None:
    check_finished(job.ws, job.request.run_id)
    with opened(job.folder, job.request) as source:
        pictures = [entry for entry in source.entries if is_picture(entry)]
        if not pictures:
            raise _no_picture(job.request.name)
        job.true = _truths(source, job.request.target)
        known = {row.answer.file for row in files.read_records(job.folder.rows, BatchRow)}
        refused = [_refused(r) for r in source.reports if r.verdict is Verdict.REFUSED]
        _append(job, [row for row in refused if row.answer.file not in known])
        left = [entry for entry in pictures if entry.file not in known]
        job.tell(
            stage=BatchStage.RUNNING,
            done=len(pictures) - len(left),
            total=len(pictures),
            num_others=len(source.entries) - len(pictures),
        )
        _ask_all(job, source, left)


def _truths(source: Source, target: LearnedTarget | None) -> Mapping[str, float]:
    """Read the numbers of the images of a model of numbers, where they are known."""
    with suppress(UserError):
        return truths.find(source, target).numbers if target else {}
    return {}


def _ask_all(job: _Job, source: Source, left: list[SourceFile]) -> None:
    started, before = time.monotonic(), job.state.done
    decoded = pool.decode_all(left, source.read, stop=job.is_stopped, bands=job.request.bands)
    with closing(decoded) as results:
        while some := list(islice(results, AT_ONCE)):
            _append(job, _answered(job, some))
            done = job.state.done + len(some)
            pace = (time.monotonic() - started) / (done - before)
            job.tell(done=done, stalled=0, eta_seconds=round(pace * (job.state.total - done), 1))


def _append(job: _Job, rows: Iterable[BatchRow]) -> None:
    for row in rows:
        files.append_record(job.folder.rows, row)


def _answered(job: _Job, some: list[DecodeResult[SourceFile]]) -> Iterator[BatchRow]:
    """Give the rows of a few images: what the model says, or why they cannot be read."""
    readable = [result for result in some if result.decoded.problem is None]
    answers = iter(_asked(job, [_keep(job.folder, result) for result in readable]))
    for result in some:
        if result.decoded.problem is not None:
            problem = result.decoded.problem
            yield BatchRow(answer=Prediction(file=result.item.file, problem=problem))
            continue
        yield BatchRow(
            answer=replace(_shortened(next(answers)), file=result.item.file),
            content=result.decoded.content,
            stored=_stored(result),
            signature=result.decoded.signature,
            true=job.true.get(result.item.file),
        )


def _stored(result: DecodeResult[SourceFile]) -> str:
    content = result.decoded.content
    return f"{content[:2]}/{content}{result.decoded.suffix}"


def _keep(folder: BatchFolder, result: DecodeResult[SourceFile]) -> Path:
    """Keep our copy and the small picture, and give the copy."""
    copy = folder.copies / _stored(result)
    small = folder.thumbnails / f"{result.decoded.content}.jpg"
    for path, data in ((small, result.thumbnail), (copy, result.copy)):
        path.parent.mkdir(parents=True, exist_ok=True)
        trash.with_room(path, partial(path.write_bytes, data), num_bytes=len(data))
    return copy


def _asked(job: _Job, copies: list[Path]) -> list[Prediction]:
    """Ask of all at once; where the engine ends over that, one by one, to lose one at most."""
    run_id = job.request.run_id
    if not copies:
        return []
    try:
        return list(job.engine.predict(run_id, copies, stored=True))
    except UserError:
        check_finished(job.ws, run_id)  # its run was deleted
        answers = [_tried(job, copy) for copy in copies]
        if all(answer.problem for answer in answers):
            raise  # it is not the images
        return answers


def _tried(job: _Job, copy: Path) -> Prediction:
    try:
        return job.engine.predict(job.request.run_id, [copy], stored=True)[0]
    except UserError as error:
        return Prediction(file="", problem=error.problem)


def _shortened(answer: Prediction) -> Prediction:
    kept = MOST_SCORES if len(answer.scores) > MOST_CLASSES else MOST_CLASSES
    return replace(answer, scores=answer.scores[:kept])


def _refused(report: FileReport) -> BatchRow:
    """Tell of a file that was refused by its name, its size or its place in an archive."""
    problem = Problem(
        what=report.reason or say("It cannot be read."),
        expected=say("An image that can be read."),
        mend=say("All others are answered."),
    )
    return BatchRow(answer=Prediction(file=report.file, problem=problem))


def _no_picture(name: str) -> UserError:
    return UserError(
        say("There is no image in '{folder}'.", folder=name),
        expected=say("Files such as JPEG, PNG, TIFF or HEIC, in the folder or its sub-folders."),
        mend=say("Choose another folder or archive."),
    )


def lower_priority() -> None:
    """Let what somebody waits for go first."""
    if hasattr(os, "nice"):
        os.nice(5)
