"""What a solved head scores on training and validation images together, each held back in turn.

Few validation images cannot carry a verdict: 25 of 38 right may be 49 % or 79 %. Five heads, each
solved without a fifth of the images and judged on it, make witnesses of all of them.
"""

import contextlib
from dataclasses import replace

from numpy.typing import NDArray

from core import files
from core.errors import UserError
from core.judging import folds, held_back, solver
from core.judging.classifiers import fitting
from core.judging.classifiers.fitting import HeldOut
from core.judging.design import prepare
from core.judging.solver import Trial
from core.records import Accuracy, HeadScore, TrainConfig
from core.run_folder import RunFolder
from core.run_results.pooled import PooledFeatures

FEW_IMAGES = 100  # of validation: with more, these carry the verdict
_WIDER = 1.25  # by simulation: docs/decisions/answers.md


def tells(config: TrainConfig, *, solves: bool, num_validation: int) -> bool:
    """Tell whether a run is judged so: a solved head alone, on pooled features, and few images."""
    is_head = solves and not config.thaws and config.pooling == "average"
    return is_head and 0 < num_validation < FEW_IMAGES


def score(found: PooledFeatures, config: TrainConfig, *, num_classes: int) -> HeadScore | None:
    """Find the head and judge it fold by fold, the strength of a decay as the run chooses it.

    None where no fold can tell.
    """
    labels = found.labels.astype(int)
    dealt = folds.deal(labels.tolist(), list(found.groups), list(found.contents))
    judged = _fitted if config.is_fitted else _solved
    best = judged(found, labels, dealt, config, num_classes)
    if best is None:
        return None
    plain = held_back.score(best, labels, found.contents, found.groups)
    return replace(plain, accuracy=wider(plain.accuracy))


def _solved(
    found: PooledFeatures, labels: NDArray, dealt: NDArray, config: TrainConfig, num_classes: int
) -> Trial | None:
    strengths = solver.COARSE if config.preset == "quick" else solver.STRENGTHS
    design = prepare(found.features)
    trials = solver.search(design, labels, dealt, num_classes=num_classes, strengths=strengths)
    return solver.best_trial(tuple(trials))


def _fitted(
    found: PooledFeatures, labels: NDArray, dealt: NDArray, config: TrainConfig, num_classes: int
) -> HeldOut | None:
    judged = fitting.held_out(config.classifier, found.features, labels, dealt, num_classes)
    return judged if judged.judged.any() else None


def wider(score: Accuracy) -> Accuracy:
    """Widen the range: five heads are judged, and none of them is the one that is kept."""
    low = max(0.0, score.accuracy - _WIDER * (score.accuracy - score.low))
    high = min(1.0, score.accuracy + _WIDER * (score.high - score.accuracy))
    return replace(score, low=low, high=high)


def write(folder: RunFolder, found: HeadScore) -> None:
    """Keep a score beside the run."""
    files.write_record(folder.folds, found)


def read(folder: RunFolder) -> HeadScore | None:
    """Read the score; None where there is none, or the file is damaged."""
    with contextlib.suppress(OSError, ValueError, TypeError, UserError):
        return files.read_record(folder.folds, HeadScore)
    return None
