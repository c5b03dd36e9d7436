"""What heads score on held-back training images of a data set, kept beside it.

The search for the strength of a head's decay holds images back in any case: what it comes to costs
nothing, and says what a head on these features can do before the next run begins.
"""

import contextlib
import hashlib
from pathlib import Path

import numpy as np

from core import files
from core.errors import UserError
from core.judging import paired
from core.records import HeadScore, TrainConfig
from core.workspace import Workspace


def write(ws: Workspace, config: TrainConfig, score: HeadScore) -> None:
    """Keep a score for whoever asks with a configuration of the same images and features.

    Nothing waits for it, so a full disk or a data set that was deleted meanwhile is let go.
    """
    path = _path(ws, config)
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        files.write_record(path, score)


def read(ws: Workspace, config: TrainConfig) -> HeadScore | None:
    """Give what a solved head scores, if one like it was ever solved; a damaged file is none."""
    with contextlib.suppress(OSError, ValueError, TypeError, UserError):
        return files.read_record(_path(ws, config), HeadScore)
    return None


def by_more_than_chance(better: HeadScore, other: HeadScore) -> bool:
    """Tell whether one was right more often on the images that both judged, by the paired test."""
    known = dict(zip(other.contents, other.right, strict=True))
    rows = zip(better.contents, better.right, better.groups, strict=True)
    pairs = [(known[content], right, group) for content, right, group in rows if content in known]
    before, after, groups = zip(*pairs, strict=True) if pairs else ((), (), ())
    return paired.compare(np.array(before, bool), np.array(after, bool), groups).is_better


def _path(ws: Workspace, config: TrainConfig) -> Path:
    """Name all that decides on the folds, on the features or on how the strength is looked for."""
    seed = config.seed if config.weights == "none" else None  # of random values
    told = (
        (config.dataset_version, sorted(config.left_out), config.class_weights),
        (config.backbone, config.weights, seed, config.image_size, config.pooling),
        config.preset == "quick",
    )
    name = hashlib.sha256(repr(told).encode()).hexdigest()[:24]
    return ws.dataset(config.dataset_id).head_scores / f"{name}.json"
