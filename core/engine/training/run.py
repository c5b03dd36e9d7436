"""A run, from its configuration to a saved and checked model: read it from top to bottom."""

from contextlib import nullcontext
from dataclasses import replace

import keras

from core.engine.loop import checkpoint
from core.engine.loop.schedules import TrainingState
from core.engine.training import finishing, phases, progress, setup, training_data
from core.engine.training.evidence import writing
from core.engine.training.job import Job
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
        temperature = writing.temperature(job.ws, ready, said)
        beside = nullcontext() if job.given_up else writing.evaluated(job, temperature)
        with beside:
            model = finishing.save(ready, state, report, temperature)
            accuracy, outputs = finishing.check(
                ready, state, report, model, is_tried=not job.given_up
            )
            if not job.given_up:
                writing.write(job, ready, state, said, outputs, temperature)
        finishing.describe(ready, state, report, model, accuracy, temperature)
    checkpoint.clear(folder.checkpoints)
    return "done" if phases.are_over(ready, state) and not job.given_up else "stopped"
