"""Checkpoints: one file per whole epoch, from which a run goes on to the bit.

Data order, views and dropout are functions of (seed, phase, epoch), so that a checkpoint holds
arrays and counters and no generator. A file is written beside, flushed to disk and renamed; its
members carry checksums (it is a ``.npz``), so a broken one is noticed and the one before is used.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from core import files
from core.engine import disk_space
from core.engine.loop.schedules import TrainingState

STATE, COUNTS = "standing", "counts"  # COUNTS: how many arrays each of LISTS has
LISTS, ANSWERS = ("values", "optimizer", "before"), ("right", "right_before")
OLD_LISTS = ("state", "best")  # what learns and its optimizer; what learns, at its best
KEPT = 2  # in case the last one is damaged
NO_ANSWERS = np.zeros(0, bool)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where training stands after a whole epoch, the values that go on, and what they are against.

    ``values``, ``before``: of each variable that learns: any shape, float32. ``right``: which
    validation images the values name rightly, (images,), bool; empty where that is not known. Of
    numbers it is how far off each is, float32.
    """

    state: TrainingState
    values: list[NDArray]
    optimizer: list[NDArray]  # its variables; none where the head was solved
    right: NDArray = field(default_factory=NO_ANSWERS.copy)
    before: list[NDArray] = field(default_factory=list)  # values as fine-tuning began
    right_before: NDArray = field(default_factory=NO_ANSWERS.copy)


def save(folder: Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint of an epoch and drop those that are no longer needed."""
    folder.mkdir(exist_ok=True)
    lists = {name: getattr(checkpoint, name) for name in LISTS}
    arrays = {name: getattr(checkpoint, name) for name in ANSWERS}
    arrays[COUNTS] = np.array([len(values) for values in lists.values()])
    for name, values in lists.items():
        arrays |= {f"{name}{i}": a for i, a in enumerate(values)}
    path = folder / f"{checkpoint.state.num_epochs:05d}.npz"
    num_bytes = sum(a.nbytes for a in arrays.values())
    disk_space.write(path, num_bytes, lambda: _write(path, checkpoint.state, arrays))
    for old in _listing(folder)[:-KEPT]:
        old.unlink()


def latest(folder: Path) -> Checkpoint | None:
    """Read the newest checkpoint that is whole; damaged ones are deleted.

    Raises what the system refuses (`OSError` on opening, `MemoryError`): the file may be whole.
    """
    for path in reversed(_listing(folder)):
        with path.open("rb") as file:
            found = _whole(file)
        if found is not None:
            return found
        path.unlink()
    return None


def clear(folder: Path) -> None:
    """Forget all checkpoints."""
    shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, state: TrainingState, arrays: dict[str, NDArray]) -> None:
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            np.savez(file, **{STATE: np.array(files.encode(state)), **arrays})  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    files.sync_folder(path.parent)


def _whole(file: BinaryIO) -> Checkpoint | None:
    try:
        return _read(file)
    except MemoryError:
        raise
    except Exception:  # a damaged file may raise whatever its bytes say
        return None


def _read(file: BinaryIO) -> Checkpoint:
    with np.load(file, allow_pickle=False) as content:
        state = files.decode(TrainingState, str(content[STATE]))
        counts = content[COUNTS].tolist()
        if len(counts) == len(OLD_LISTS):
            return _of_old(state, *_lists(content, OLD_LISTS, counts))
        values, optimizer, before = _lists(content, LISTS, counts)
        right, right_before = (content[name] for name in ANSWERS)
        return Checkpoint(state, values, optimizer, right, before, right_before)


def _lists(
    content: Mapping[str, NDArray], names: Sequence[str], counts: Sequence[int]
) -> list[list[NDArray]]:
    pairs = zip(names, counts, strict=True)
    return [[content[f"{name}{i}"] for i in range(count)] for name, count in pairs]


def _of_old(state: TrainingState, arrays: list[NDArray], best: list[NDArray]) -> Checkpoint:
    """Take over what versions wrote that kept the best epoch: it stands in ``before``."""
    return Checkpoint(state, arrays[: len(best)] or best, arrays[len(best) :], before=best)


def _listing(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.npz"))
