"""A run of a study: trained on four fifths of the images, judged on the rest; no model is kept.

Nothing is chosen by the images that judge: both phases run to their last epoch, and that counts.
"""

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import keras
import numpy as np

from core.datasets import baselines
from core.engine.loop import checkpoint
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.schedules import TrainingState
from core.engine.networks import network
from core.engine.training import phases, progress, setup, shared_heads, training_data
from core.engine.training.evidence import answers
from core.engine.training.job import Job
from core.engine.training.progress import RunReport
from core.engine.training.setup import Setup
from core.errors import UserError
from core.judging.evaluation import calibration
from core.records import Split, Stage
from core.records.studies import JudgedRun, StudyKind
from core.run_results import judged, predictions, studied
from core.run_results.predictions import PartPredictions


def train(job: Job) -> str:
    """Train once and judge, from the last checkpoint if there is one: ``done`` or ``stopped``."""
    folder = job.folder
    if folder.judged.exists():  # cut off when all was written but the answer
        checkpoint.clear(folder.checkpoints)
        return "done"
    keras.utils.clear_session(free_memory=True)
    saved = checkpoint.latest(folder.checkpoints)
    state = saved.state if saved else TrainingState(batch_size=job.config.batch_size)
    config = replace(job.config, batch_size=state.batch_size)

    data = training_data.read(job.ws, config)
    with _rules_beside(job), progress.reporting(job, config, data, state) as report:
        ready = setup.prepare(job.ws, config, data, device=job.device, report=report)
        state, saved = _with_head(job, ready, state, saved, report)
        state = phases.fine_tune(ready, state, saved, report)
        if job.given_up or not phases.are_over(ready, state):
            return "stopped"
        report.enter(Stage.CHECKING)
        _answer(job, ready, state)
        judged.write(folder, _outcome(ready, state, time.monotonic() - report.started))
        report.progress(1.0)
    checkpoint.clear(folder.checkpoints)
    return "done"


@contextmanager
def _rules_beside(job: Job) -> Iterator[None]:
    """Find beside training what needs no network, where pretraining is to be compared with it.

    The study reads it with the data set. Images that are gone are the matter of the run.
    """
    if studied.kind_of(job.ws, job.config) is not StudyKind.TRANSFER:
        yield
        return
    with ThreadPoolExecutor(1, thread_name_prefix="baselines") as beside:
        asked = beside.submit(baselines.of_part, job.ws, job.config)
        yield
        with contextlib.suppress(OSError, UserError):
            asked.result()


def _with_head(
    job: Job, ready: Setup, state: TrainingState, saved: Checkpoint | None, report: RunReport
) -> tuple[TrainingState, Checkpoint | None]:
    """Train the head, or take up the one that another run of the study has for these images."""
    shared = None if saved else shared_heads.take(job)
    state = shared.state if shared else state
    saved = shared or saved
    state = phases.train_head(ready, state, saved, report)
    if shared is None and phases.has_head(ready, state):
        shared_heads.leave(job)
    return state, saved


def _answer(job: Job, ready: Setup, state: TrainingState) -> None:
    """Write what the end of training makes of the images that judge."""
    logits = answers.of_end(ready, state)
    validation = ready.data.validation
    found = PartPredictions(
        contents=validation.contents,
        labels=validation.labels,
        groups=validation.groups,
        logits=calibration.both(logits).astype(np.float32),
    )
    predictions.write(job.folder, Split.VALIDATION, found)


def _outcome(ready: Setup, state: TrainingState, seconds: float) -> JudgedRun:
    variables = network.thaw(ready.network, state.phase)
    whole = ready.network.backbone.count_params() + network.count(ready.network.head.variables)
    return JudgedRun(trainable=network.count(variables), parameters=whole, seconds=seconds)
