"""A run, from its configuration to a saved and checked model: read it from top to bottom."""

from contextlib import nullcontext
from dataclasses import replace

import keras

from core.engine.loop import checkpoint
from core.engine.loop.schedules import TrainingState
from core.engine.training import finishing, phases, progress, setup, training_data
from core.engine.training.evidence import numbers, writing
from core.engine.training.evidence.answers import Answers
from core.engine.training.job import Job
from core.engine.training.progress import RunReport
from core.engine.training.setup import Setup
from core.words import say


def train(job: Job) -> str:
    """Train once, from the last checkpoint if there is one: ``done`` or ``stopped``.

    A stop ends the phase under way and leaves out the next; the last whole epoch becomes the model.
    """
    folder = job.folder
    if folder.card.exists():  # cut off when all was written but the answer
        checkpoint.clear(folder.checkpoints)
        return "stopped" if job.stop() else "done"
    keras.utils.clear_session(free_memory=True)
    saved = checkpoint.latest(folder.checkpoints)
    state = saved.state if saved else TrainingState(batch_size=job.config.batch_size)
    config = replace(job.config, batch_size=state.batch_size)

    data = training_data.read(job.ws, config)
    with progress.reporting(job, config, data, state) as report:
        ready = setup.prepare(job.ws, config, data, device=job.device, report=report)
        if job.given_up:
            state = phases.restore(ready, state, saved)
        else:
            state = phases.train_head(ready, state, saved, report)
            state = phases.fine_tune(ready, state, saved, report)
        if not state.kept_epoch:
            report.log(say("Stopped before the first epoch ended: there is no model."))
            return "stopped"
        last = checkpoint.latest(folder.checkpoints)
        said = None if job.given_up else writing.compare(folder, ready, state, last)
        finish = _finish if ready.data.target is None else _finish_number
        finish(job, ready, state, report, said)
    checkpoint.clear(folder.checkpoints)
    return _ended(job, ready, state)


def _ended(job: Job, ready: Setup, state: TrainingState) -> str:
    return "done" if phases.are_over(ready, state) and not job.given_up else "stopped"


def _finish(
    job: Job, ready: Setup, state: TrainingState, report: RunReport, said: Answers | None
) -> None:
    """Save a model of classes, check it, write what judges it, and describe it."""
    temperature = writing.temperature(job.ws, ready, said)
    beside = nullcontext() if job.given_up else writing.evaluated(job, temperature)
    with beside:
        model = finishing.save(ready, state, report, temperature)
        accuracy, outputs = finishing.check(ready, state, report, model, is_tried=not job.given_up)
        if not job.given_up:
            writing.write(job, ready, state, said, outputs, temperature)
    finishing.describe(ready, state, report, model, accuracy, temperature)


def _finish_number(
    job: Job, ready: Setup, state: TrainingState, report: RunReport, said: Answers | None
) -> None:
    """Save a model that answers a number, check it, and describe it."""
    target = ready.data.target
    assert target is not None
    model = finishing.save(ready, state, report, 1.0)
    _, outputs = finishing.check(ready, state, report, model, is_tried=not job.given_up)
    found = numbers.answers_of(ready, said, outputs)
    score = None if found is None else numbers.score(found, target)
    target = numbers.with_range(job.ws, ready, target, found)
    for sentence in numbers.told(score, target, state.tuned):
        report.log(sentence)
    if not job.given_up:
        numbers.write_numbers(job.folder, ready, state, found, outputs)
    ready = replace(ready, data=replace(ready.data, target=target))
    finishing.describe(ready, state, report, model, score, 1.0)
