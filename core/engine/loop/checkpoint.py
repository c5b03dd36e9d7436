"""Checkpoints: one file per whole epoch, from which a run goes on to the bit.

Data order, views and dropout are functions of (seed, phase, epoch), so that a checkpoint holds
arrays and counters and no generator. A file is written beside, flushed to disk and renamed; its
members carry checksums (it is a ``.npz``), so a broken one is noticed and the one before is used.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from core import files
from core.engine.disk_space import check_space
from core.engine.loop.schedules import TrainingState

STATE, COUNTS = "standing", "counts"  # COUNTS: of arrays that go on, and of the best
KEPT = 2  # the best weights are inside each


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where training stands, the values that go on and the best so far."""

    state: TrainingState
    arrays: list[NDArray]  # what learns and its optimizer
    best: list[NDArray]  # what learns, at its best

    @property
    def kept(self) -> list[NDArray]:
        """Give what becomes the model if nothing follows: the best, or where none is the last.

        The values of each variable that learns: any shape, float32.
        """
        return self.best if self.state.best_epoch else self.arrays[: len(self.best)]


def save(folder: Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint of an epoch and drop those that are no longer needed."""
    folder.mkdir(exist_ok=True)
    counts = np.array([len(checkpoint.arrays), len(checkpoint.best)])
    arrays = {COUNTS: counts} | {f"state{i}": a for i, a in enumerate(checkpoint.arrays)}
    arrays |= {f"best{i}": a for i, a in enumerate(checkpoint.best)}
    check_space(folder, sum(a.nbytes for a in arrays.values()))
    _write(folder / f"{checkpoint.state.num_epochs:05d}.npz", checkpoint.state, arrays)
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
        num_state, num_best = content[COUNTS].tolist()
        return Checkpoint(
            state=files.decode(TrainingState, str(content[STATE])),
            arrays=[content[f"state{i}"] for i in range(num_state)],
            best=[content[f"best{i}"] for i in range(num_best)],
        )


def _listing(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.npz"))
