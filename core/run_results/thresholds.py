"""From which confidence on the answers of a run are right so often."""

from core.judging.evaluation import answering
from core.records import Thresholds, TrainConfig
from core.run_folder import RunFolder
from core.run_results import evaluation, predictions
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace


def of_folder(ws: Workspace, folder: RunFolder, config: TrainConfig) -> Thresholds | None:
    """Give what a run left of them, or what its answers come to; None: it has neither."""
    left = evaluation.read(folder)
    if left is not None and left.thresholds is not None:
        return left.thresholds
    return choose(ws, folder, config)


def choose(ws: Workspace, folder: RunFolder, config: TrainConfig) -> Thresholds | None:
    """Choose them by the answers of a run; one that learned from validation has its parent's."""
    if config.validates:
        found = predictions.read(folder)
        return None if found is None else of_answers(found)
    if not config.refit_of:
        return None
    parent = ws.run(config.refit_of)
    left, found = evaluation.read(parent), predictions.read(parent)
    if left is not None and left.thresholds is not None:
        return left.thresholds
    return None if found is None else of_answers(found)


def of_answers(found: PartPredictions) -> Thresholds:
    """Find them by answers to validation images."""
    return answering.thresholds(found.probabilities.max(axis=1), found.right)
