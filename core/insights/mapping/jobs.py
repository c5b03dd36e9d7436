"""Making the map of a run in a process that outlives the page that asked for it.

How it stands lies in the folder of the run, and so does the map, so a page that is opened later
finds both again. The process is ``python -m core.insights.mapping WORKSPACE RUN_ID``.
"""

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from filelock import Timeout

from core import files, locks, runs, trash
from core.errors import Problem, UserError
from core.insights.mapping import points, tsne
from core.insights.mapping.points import MapPoints
from core.judging import neighbours
from core.records import Split
from core.records.choices import TASKS, check_classes
from core.run_folder import RunFolder
from core.run_results import embedding_map, pooled, predictions
from core.run_results.embedding_map import EmbeddingMap
from core.runs import engine_process, inference
from core.words import nsay, say
from core.workspace import Workspace

_START_SECONDS = 60.0  # a process that has not begun by then never will
_LOADING, _PER_STEP = 2.0, 0.0009  # seconds, measured: docs/decisions/map.md


class MapStage(StrEnum):
    """What the process that makes a map is busy with."""

    ASKING = "asking"  # the model is shown the images: an earlier version left no features
    PLACING = "placing"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"  # `MapState.error` says why


@dataclass(frozen=True, slots=True, kw_only=True)
class MapState:
    """How the making of a map stands; rewritten whole at each change."""

    stage: MapStage
    began_at: float  # seconds since the epoch
    num_images: int = 0  # 0: it is not known yet
    error: Problem | None = None

    @property
    def is_under_way(self) -> bool:
        return self.stage in (MapStage.ASKING, MapStage.PLACING)


def start(ws: Workspace, run_id: str) -> None:
    """Make the map of a run in a process of its own, unless one is at it.

    Raises `UserError` where the run has no model.
    """
    inference.check_finished(ws, run_id)
    check_classes(TASKS[runs.get(ws, run_id).config.task], say("a map"))
    if (known := state(ws, run_id)) and known.is_under_way:
        return
    ws.run(run_id).map_stop.unlink(missing_ok=True)
    _tell(ws, run_id, MapState(stage=MapStage.ASKING, began_at=time.time()))
    arguments = (str(ws.root), run_id)
    engine_process.detach("core.insights.mapping", *arguments, log=ws.worker_log)


def cancel(ws: Workspace, run_id: str) -> None:
    """Ask the process that makes a map to end; nothing of it is kept."""
    ws.run(run_id).map_stop.touch()


def state(ws: Workspace, run_id: str) -> MapState | None:
    """Tell how the last making stands; none was asked for: None. A dead one is said to be so."""
    path = ws.run(run_id).map_state
    if not path.exists():
        return None
    known = files.read_record(path, MapState)
    if not known.is_under_way or locks.is_held(lock_of(ws, run_id)):
        return known
    known = files.read_record(path, MapState)  # it may have ended just now
    if not known.is_under_way:
        return known
    if is_unwanted(ws, run_id):
        return replace(known, stage=MapStage.CANCELLED)
    if time.time() - known.began_at < _START_SECONDS and not known.num_images:
        return known  # its process is about to begin
    return replace(known, stage=MapStage.FAILED, error=_interrupted().problem)


def is_unwanted(ws: Workspace, run_id: str) -> bool:
    """Tell whether the making was cancelled, or its run deleted."""
    return ws.run(run_id).map_stop.exists() or not ws.run(run_id).path.exists()


def found(ws: Workspace, run_id: str) -> EmbeddingMap | None:
    """Read the map of a run; None where there is none, or it was made from other features."""
    kept = embedding_map.read(ws.run(run_id))
    return kept if kept and kept.source == points.source_of(ws.run(run_id)) else None


def usual_seconds(num_images: int) -> float:
    """Give how long the placing of so many images takes, start and all, on one processor."""
    return _LOADING + _PER_STEP * num_images * math.log(max(num_images, 2))


def make(ws: Workspace, run_id: str, complete: Callable[[str], None]) -> None:
    """Make the map in this process; what the user can mend is written down.

    ``complete`` has what the run did not leave written, as `Engine.complete` does.
    """
    ws.staging.mkdir(parents=True, exist_ok=True)
    try:
        with locks.hold(lock_of(ws, run_id)):
            _sweep(ws.run(run_id))
            _make(ws, run_id, complete)
    except Timeout:  # another process is at it
        return
    except OSError:
        if ws.run(run_id).path.exists():  # else the run was deleted meanwhile
            raise


def _sweep(folder: RunFolder) -> None:
    """Remove what a process that was ended while it wrote has left."""
    for part in files.parts(folder.path):
        if part.name.startswith(f".{folder.map.stem}."):
            part.unlink(missing_ok=True)


def _make(ws: Workspace, run_id: str, complete: Callable[[str], None]) -> None:
    began = MapState(stage=MapStage.ASKING, began_at=time.time())
    try:
        _tell(ws, run_id, began)
        found = _gathered(ws.run(run_id), run_id, complete)
        began = replace(began, stage=MapStage.PLACING, num_images=len(found.contents))
        _tell(ws, run_id, began)
        made = _placed(found)
        trash.with_room(ws.run(run_id).map, lambda: embedding_map.write(ws.run(run_id), made))
        _tell(ws, run_id, replace(began, stage=MapStage.DONE))
    except UserError as error:
        _tell(ws, run_id, replace(began, stage=MapStage.FAILED, error=error.problem))
    except OSError as error:
        _tell(
            ws,
            run_id,
            replace(began, stage=MapStage.FAILED, error=UserError.of_system(error).problem),
        )


def _gathered(folder: RunFolder, run_id: str, complete: Callable[[str], None]) -> MapPoints:
    """Give the images of a map, those of an earlier version's run once they have features."""
    if pooled.read(folder) is None:
        complete(run_id)
    elif _lacks_test(folder):
        with contextlib.suppress(UserError):  # its images are gone: the others have a map
            complete(run_id)
    found = points.gather(folder)
    if found is None or len(found.contents) < tsne.FEWEST:
        raise _too_few(0 if found is None else len(found.contents))
    return found


def _lacks_test(folder: RunFolder) -> bool:
    answered = folder.test.exists() and predictions.read(folder, Split.TEST) is not None
    return answered and pooled.read(folder, test=True) is None


def _placed(found: MapPoints) -> EmbeddingMap:
    began = time.monotonic()
    positions = tsne.place(found.directions)
    in_features = neighbours.of_own_class(found.directions, found.labels)
    return EmbeddingMap(
        contents=found.contents,
        parts=found.parts,
        labels=found.labels,
        positions=positions,
        source=found.source,
        near=neighbours.of_own_class(positions, found.labels),
        in_features=float(in_features.mean() / neighbours.NUMBER),
        seconds=time.monotonic() - began,
    )


def _tell(ws: Workspace, run_id: str, state: MapState) -> None:
    files.write_record(ws.run(run_id).map_state, state)


def lock_of(ws: Workspace, run_id: str) -> Path:
    """Held by the process that makes the map; the system frees it at its death."""
    return ws.staging / f"{ws.run(run_id).path.name}.map.lock"


def _too_few(num: int) -> UserError:
    return UserError(
        nsay("{num} image of this run can be placed on a map.",
             "{num} images of this run can be placed on a map.", num=num),
        expected=say("A map needs {least} or more.", least=tsne.FEWEST),
        mend=say("Add images, then train again."),
    )  # fmt: skip


def _interrupted() -> UserError:
    return UserError(
        say("The making of the map was interrupted before it was done."),
        expected=say("It should have placed every image."),
        mend=say("Start it again; worker.log in the workspace says more."),
    )
