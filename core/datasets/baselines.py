"""What a score has to beat, computed once for the images of a data set and kept beside it."""

import contextlib
import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core import datasets, files
from core.datasets import copies, parts
from core.datasets.numbered.similar import read_small
from core.errors import UserError
from core.judging.evaluation import baselines as rules, scores
from core.records import Baseline, Baselines, ImageRecord, Split, TrainConfig
from core.workspace import Workspace


def of_part(
    ws: Workspace, config: TrainConfig, split: Split = Split.VALIDATION
) -> Baselines | None:
    """Give the baselines of a part of a run's data set, computed where they are not kept.

    The test part is read by whoever has opened it; in a study a fold stands for validation. None
    where the run learns from the part too, or it is empty. Raises `UserError` where the images are
    gone.
    """
    if split is Split.VALIDATION and not config.validates:
        return None
    found = known(ws, config, split)
    if found is None:
        found = _compute(ws, config, split)
        if found is not None:
            _write(ws, config, split, found)
    return found


def known(ws: Workspace, config: TrainConfig, split: Split = Split.VALIDATION) -> Baselines | None:
    """Give what is kept for the images of a run; a damaged file is none."""
    path = ws.dataset(config.dataset_id).baselines / _name(config, split)
    with contextlib.suppress(OSError, ValueError, TypeError, UserError):
        return files.read_record(path, Baselines)
    return None


def _write(ws: Workspace, config: TrainConfig, split: Split, found: Baselines) -> None:
    """Keep them for the next run; a full disk or a data set that was deleted is let go."""
    path = ws.dataset(config.dataset_id).baselines / _name(config, split)
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        files.write_record(path, found)


def _compute(ws: Workspace, config: TrainConfig, split: Split) -> Baselines | None:
    images = [
        image
        for image in datasets.images(ws, config.dataset_id, config.dataset_version)
        if image.label not in config.left_out
    ]
    numbers = {label: n for n, label in enumerate(sorted({image.label for image in images}))}
    learned, judged = map(_some, parts.divide(images, config))
    if split is Split.TEST:
        judged = _some([image for image in images if image.split is split])
    if not learned or not judged:
        return None
    true = np.array([numbers[image.label] for image in judged], np.int64)
    groups = tuple(image.group for image in judged)
    largest = int(np.bincount(true).max(initial=0))

    def scored(named: NDArray) -> Baseline:
        right = named == true
        accuracy = scores.measured(right, groups, largest_class=largest)
        return Baseline(accuracy=accuracy, right=tuple(right.tolist()))

    labels = np.array([numbers[image.label] for image in learned], np.int64)
    pictures, asked = (_pictures(ws, config.dataset_id, some) for some in (learned, judged))
    told = [image.group for image in learned], [image.content for image in learned]
    return Baselines(
        contents=tuple(image.content for image in judged),
        groups=groups,
        majority=scored(rules.majority(labels, len(judged))),
        nearest_pixels=scored(rules.nearest_pixels(pictures, labels, asked)),
        colour=scored(rules.colour(pictures, labels, *told, asked)),
    )


def _some(images: Sequence[ImageRecord]) -> list[ImageRecord]:
    """Choose at most 2,000, of every class its share."""
    told = zip(*((i.label, i.group, i.content) for i in images), strict=True)
    return [images[row] for row in rules.sample(*map(list, told))] if images else []


def _pictures(ws: Workspace, dataset_id: str, images: Sequence[ImageRecord]) -> NDArray[np.uint8]:
    """Read them small: (images, side, side, 3) uint8."""
    return read_small([copies.image_path(ws, dataset_id, image) for image in images])


def _name(config: TrainConfig, split: Split) -> str:
    """Name all that decides on them: the version, the parts and the classes that are left out."""
    told: tuple[object, ...] = (config.dataset_version, split.value, sorted(config.left_out))
    told += () if config.validates else (config.train_on,)
    told += (f"fold {config.fold}",) if config.protocol == "fold" else ()
    return f"{hashlib.sha256(repr(told).encode()).hexdigest()[:24]}.json"
