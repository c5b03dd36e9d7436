"""What a list tells of each run, read once and again only when a file of the run has changed."""

import contextlib
import os
import re
from functools import lru_cache
from pathlib import Path

from core import files
from core.errors import UserError
from core.records import ModelCard, Progress, RunSummary, State, TrainConfig
from core.run_results import headline
from core.runs import store
from core.workspace import RunFolder, Workspace

_ANY = RunFolder(Path())
_READ = tuple(
    path.name
    for path in (
        *(_ANY.state, _ANY.name, _ANY.star, _ANY.progress, _ANY.metrics),
        *(_ANY.card, _ANY.folds, _ANY.test),
    )
)
NUM_POINTS = 60  # of a curve in a row: more than a row can show
_SCORE = re.compile(rb'"val_accuracy": ([0-9.eE+-]+),')
Stamp = tuple[int, int, int]  # of a file: when it was changed, its size, which one it is


def all_summaries(ws: Workspace) -> list[RunSummary]:
    """Summarize every run, newest first."""
    found = []
    for run_id in reversed(store.ids(ws)):
        with contextlib.suppress(FileNotFoundError, UserError):  # deleted meanwhile
            found.append(summary(ws, run_id))
    return found


def summary(ws: Workspace, run_id: str) -> RunSummary:
    """Summarize a run. Raises `FileNotFoundError` for one that there is not."""
    return _read(ws, run_id, _stamps(ws.run(run_id)))


def _stamps(folder: RunFolder) -> tuple[Stamp | None, ...]:
    """Tell the state of a run's files apart from every other."""
    return tuple(_stamp(f"{folder.path}{os.sep}{name}") for name in _READ)


def _stamp(path: str) -> Stamp | None:
    try:
        known = os.stat(path)
    except FileNotFoundError:
        return None
    return known.st_mtime_ns, known.st_size, known.st_ino


@lru_cache(maxsize=4096)
def _read(ws: Workspace, run_id: str, stamps: tuple[Stamp | None, ...]) -> RunSummary:
    """Read what a row needs; ``stamps`` are those of the files that it is read from."""
    folder, state = ws.run(run_id), store.state_of(ws, run_id)
    card = files.read_record(folder.card, ModelCard) if folder.card.exists() else None
    return RunSummary(
        id=run_id,
        config=files.read_record(folder.config, TrainConfig),
        state=state,
        name=folder.name.read_text(encoding="utf-8") if folder.name.exists() else "",
        is_starred=folder.star.exists(),
        done=_done(folder) if state.state is State.RUNNING else None,
        curve=_thinned(_curve(folder)),
        card=card,
        score=headline.of(folder, card),
    )


def _done(folder: RunFolder) -> float | None:
    with contextlib.suppress(FileNotFoundError):  # nothing was said yet
        return files.read_record(folder.progress, Progress).done
    return None


def _curve(folder: RunFolder) -> list[float]:
    """Find the validation accuracies; the lines, most of them of batches, are not even parsed."""
    if not folder.metrics.exists():
        return []
    return [float(number) for number in _SCORE.findall(folder.metrics.read_bytes())]


def _thinned(curve: list[float]) -> tuple[float, ...]:
    """Take points at even distances, the first and the last among them."""
    if len(curve) <= NUM_POINTS:
        return tuple(curve)
    last, steps = len(curve) - 1, NUM_POINTS - 1
    return tuple(curve[round(step * last / steps)] for step in range(NUM_POINTS))
