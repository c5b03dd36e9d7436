"""What a run leaves for whoever judges its model: its answers, and how sure it may be of them."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from core import files
from core.datasets import baselines
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.schedules import TrainingState
from core.engine.prediction.checking import Outputs
from core.engine.training.evidence import answers, movement, pooling
from core.engine.training.evidence.answers import Answers
from core.engine.training.job import Job
from core.engine.training.setup import Setup
from core.engine.training.training_data import ImageSet
from core.errors import UserError
from core.judging.evaluation import calibration
from core.models import solving
from core.models.catalog import CLASSIFIERS
from core.records import ModelCard, Phase, RunEvaluation, Split
from core.run_results import evaluation, folds, pooled, predictions, prototypes, thresholds
from core.run_results.pooled import PooledFeatures
from core.run_results.predictions import PartPredictions
from core.workspace import RunFolder, Workspace


def compare(
    folder: RunFolder, ready: Setup, state: TrainingState, saved: Checkpoint | None
) -> Answers | None:
    """Write what fine-tuning moved; give what the states of the last checkpoint answer.

    None without validation images. What is kept stands in the network before and after.
    """
    movement.leave(folder, ready, state, saved)
    return answers.ask(ready, state, saved)


def temperature(ws: Workspace, ready: Setup, answers: Answers | None) -> float:
    """Fit the temperature on the answers; a run that has none takes that of its parent.

    Shares of votes are left as they are: 1.
    """
    if ready.data.target is not None or not CLASSIFIERS[ready.config.classifier].is_calibrated:
        return 1.0
    if answers is not None:
        return calibration.temperature(answers.kept, ready.data.validation.labels)
    if ready.config.refit_of:
        with contextlib.suppress(OSError, ValueError, TypeError):  # deleted, or of an old version
            return files.read_record(ws.run(ready.config.refit_of).card, ModelCard).temperature
    return 1.0


@contextmanager
def evaluated(job: Job, temperature: float) -> Iterator[None]:
    """Find what the score has to beat beside what is done here, and write it at the end.

    With it from which confidence on the answers that were written here are right. The next run of
    the same images finds the rules. Images that are gone are no reason to lose a model.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="baselines") as beside:
        asked = beside.submit(baselines.of_part, job.ws, job.config)
        yield
        rules = None
        with contextlib.suppress(OSError, UserError):
            rules = asked.result()
    chosen = thresholds.choose(job.ws, job.folder, job.config)
    found = RunEvaluation(temperature=temperature, baselines=rules, thresholds=chosen)
    evaluation.write(job.folder, found)


def write(
    job: Job,
    ready: Setup,
    state: TrainingState,
    answers: Answers | None,
    outputs: Outputs | None,
    temperature: float,
) -> None:
    """Write what the saved model makes of the images, and what it was chosen from answered.

    ``outputs``: of the saved model. Without them, or without validation images, there is nothing
    to be said of these.
    """
    if answers is not None and outputs is not None:
        _write_answers(job.folder, ready, answers, outputs, temperature)
    _write_features(job.folder, ready, state, outputs)
    parent = job.config.refit_of
    prototypes.make(
        job.folder,
        num_classes=len(ready.data.labels),
        is_tuned=state.kept_phase is Phase.FINE_TUNE,
        parent=job.ws.run(parent) if parent else None,
    )


def _write_answers(
    folder: RunFolder, ready: Setup, answers: Answers, outputs: Outputs, temperature: float
) -> None:
    kept = calibration.logits(outputs.probabilities, temperature)
    validation = ready.data.validation
    found = PartPredictions(
        contents=validation.contents,
        labels=validation.labels,
        groups=validation.groups,
        logits=kept,
        temperature=temperature,
        before=kept if answers.before is answers.kept else answers.before,
        last=kept if answers.last is answers.kept else answers.last,
    )
    predictions.write(folder, Split.VALIDATION, found)


def _write_features(
    folder: RunFolder, ready: Setup, state: TrainingState, outputs: Outputs | None
) -> None:
    """Write pooled features: of validation as the saved model gives them, of training from here."""
    train, validation = ready.data.train, ready.data.validation
    some = train.some(pooled.sample(train.labels.tolist(), train.contents))
    vectors = pooling.of_images(ready, state, some.images, validation.images)
    found = _features_of(some, vectors, learned=True)
    if outputs is not None and outputs.features is not None:
        found = pooled.join(_features_of(validation, outputs.features, learned=False), found)
    pooled.write(folder, found)
    _write_folds(folder, ready, found)


def _write_folds(folder: RunFolder, ready: Setup, found: PooledFeatures) -> None:
    """Judge a head by folds of all images, where the validation images are too few to."""
    config, num = ready.config, len(ready.data.validation.labels)
    if not folds.tells(config, solves=solving.solves(config), num_validation=num):
        return
    num_classes = len(ready.data.labels)
    if score := folds.score(found, config, num_classes=num_classes):
        folds.write(folder, score)


def _features_of(images: ImageSet, vectors: NDArray, *, learned: bool) -> PooledFeatures:
    return PooledFeatures(
        contents=images.contents,
        labels=images.labels,
        groups=images.groups,
        learned=np.full(len(images.labels), learned),
        features=vectors,
    )
