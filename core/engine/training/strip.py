"""Some validation pictures, the same from the first epoch to the last, and how each is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import files
from core.engine.loop.schedules import TrainingState
from core.engine.training.training_data import ImageSet, TrainingData
from core.records import Phase, StripEpoch, StripPictures

NUM_PICTURES = 24
_PHASES = list(Phase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Writes down how these pictures are named."""

    path: Path
    rows: Sequence[int]  # of the validation images

    def add(self, phase: Phase, epoch: int, named: NDArray[np.int32]) -> None:
        """Add an epoch; ``named``: of each validation image the number of a class, (images,)."""
        if self.rows:
            line = StripEpoch(phase=phase, epoch=epoch, named=tuple(named[[*self.rows]].tolist()))
            files.append_record(self.path, line)


def begin(path: Path, data: TrainingData, state: TrainingState) -> Strip:
    """Write which pictures are followed; of epochs, those stay that are not trained again."""
    rows = [] if data.target else choose(data.validation)
    if not rows:
        return Strip(path=path, rows=rows)
    pictures = StripPictures(
        contents=tuple(data.validation.images[row][0] for row in rows),
        labels=tuple(data.validation.labels[rows].tolist()),
        classes=data.labels,
    )
    files.write_records(path, [pictures, *_kept(path, pictures, state)])
    return Strip(path=path, rows=rows)


def _kept(path: Path, pictures: StripPictures, state: TrainingState) -> list[StripEpoch]:
    """Give what was written of these pictures up to where training stands."""
    first, *others = files.read_rows(path) or ({},)
    if "contents" not in first or files.build(StripPictures, first) != pictures:
        return []
    last = (_PHASES.index(state.phase), state.epoch)
    lines = [files.build(StripEpoch, row) for row in others]
    return [line for line in lines if (_PHASES.index(line.phase), line.epoch) <= last]


def choose(images: ImageSet) -> list[int]:
    """Choose pictures of all classes alike, where they can be of different groups, by their names.

    Gives rows, sorted by class.
    """
    ranked, taken = [], dict[int, int]()
    for row in _order(images):
        label = int(images.labels[row])
        taken[label] = taken.get(label, 0) + 1
        ranked.append((taken[label], images.images[row][0], row))
    chosen = [row for _, _, row in sorted(ranked)[:NUM_PICTURES]]
    return sorted(chosen, key=lambda row: (int(images.labels[row]), images.images[row][0]))


def _order(images: ImageSet) -> list[int]:
    """Order by name, which is a hash, with the first picture of each group before all others."""
    first, later, seen = list[int](), list[int](), set[str]()
    for row in sorted(range(len(images.images)), key=lambda row: images.images[row][0]):
        group = images.groups[row]
        (later if group in seen else first).append(row)
        seen |= {group} if group else set()
    return [*first, *later]
