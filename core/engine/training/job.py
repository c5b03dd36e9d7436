"""One run, from its configuration to a saved and checked model: what happens in which order."""

import contextlib
import errno
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import keras
import tensorflow as tf

from core import files
from core.engine import disk_space
from core.engine.device import Device
from core.engine.networks import network
from core.engine.training import checkpoint, finishing, phases, progress, recipes, training_data
from core.engine.training.checkpoint import Checkpoint
from core.engine.training.finishing import Outcome
from core.engine.training.meter import Meter
from core.engine.training.phases import Setting
from core.engine.training.progress import Reporter
from core.engine.training.recipes import Listener
from core.engine.training.schedules import Standing, enter
from core.engine.training.tensorboard import Events
from core.engine.training.training_data import Material
from core.errors import UserError
from core.models import step_times
from core.models.step_times import Step
from core.records import EpochMetrics, Phase, Stage, TrainConfig
from core.words import Message, nsay, say
from core.workspace import RunFolder, Workspace

OUT_OF_MEMORY = (MemoryError, tf.errors.ResourceExhaustedError)
Expect = Callable[[TrainConfig, int, int], Mapping[Step, float]]
_SAID_OF_MEMORY = ("could not create a primitive", "bad_alloc", "Cannot allocate memory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run to train, where, and how to learn that it should stop."""

    ws: Workspace
    run_id: str
    config: TrainConfig
    device: Device
    stop: Callable[[], bool]
    expect: Expect = step_times.seconds  # how long each step takes
    halved: bool = False  # the system ended it for its memory: half the batch is tried
    given_up: bool = False  # it trains no more: what its last checkpoint keeps becomes the model

    @property
    def folder(self) -> RunFolder:
        return self.ws.run(self.run_id)


def train(job: Job) -> str:
    """Train to the end; ``done``, or ``stopped`` when it was asked to end before."""
    if job.halved and not job.given_up:
        return _train_halved(job)
    try:
        return _try(job)
    except MemoryError:
        if job.config.batch_size == 1 or _is_to_end(job):
            raise _too_hungry(job.config) from None
    return _train_halved(job)


def _is_to_end(job: Job) -> bool:
    """Tell whether all that is left to do is to save what was learned, which is not to be lost."""
    return job.given_up or (job.folder.checkpoints.exists() and job.stop())


def _train_halved(job: Job) -> str:
    """Train with half the batch; what was learned with the whole one is forgotten."""
    smaller = replace(job.config, batch_size=max(1, job.config.batch_size // 2))
    held = checkpoint.latest(job.folder.checkpoints)
    if held is None or (held.standing.batch_size > smaller.batch_size and not _is_to_end(job)):
        checkpoint.clear(job.folder.checkpoints)
        files.append_record(job.folder.log, _starts_again(smaller.batch_size))
    try:
        return _try(replace(job, config=smaller))
    except MemoryError:
        raise _too_hungry(job.config) from None


def _starts_again(batch_size: int) -> Message:
    return nsay(
        "Memory ran out. Training starts again with batches of {num} image.",
        "Memory ran out. Training starts again with batches of {num} images.",
        num=batch_size,
    )


def _try(job: Job) -> str:
    """Train once; a lack of memory or of disk is told from what TensorFlow and oneDNN raise."""
    try:
        return _train(job)
    except UserError:
        raise
    except Exception as error:
        if disk_space.is_full(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        if isinstance(error, OUT_OF_MEMORY) or any(s in str(error) for s in _SAID_OF_MEMORY):
            raise MemoryError from error
        raise


def _train(job: Job) -> str:
    """Train once, from the last checkpoint if there is one."""
    if job.folder.card.exists():  # cut off when all was written but the answer
        checkpoint.clear(job.folder.checkpoints)
        return "stopped" if job.stop() else "done"
    started = time.monotonic()
    keras.utils.clear_session(free_memory=True)
    held = checkpoint.latest(job.folder.checkpoints)
    standing = held.standing if held else Standing(batch_size=job.config.batch_size)
    job = replace(job, config=replace(job.config, batch_size=standing.batch_size))
    kept = progress.cut_back(job.folder, standing)
    started -= sum(line.seconds for line in kept if isinstance(line, EpochMetrics))
    with contextlib.closing(Events(job.folder.tensorboard, job.config, kept)) as events:
        setting = _setting(job, events)
        if held and not job.given_up:
            setting.reporter.say(_resumed(standing))
        standing, num_trainable, whole = _learn(job, setting, standing, held)
        if not standing.best_epoch:
            setting.reporter.say(say("Stopped before the first epoch ended: there is no model."))
            return "stopped"
        outcome = Outcome(
            standing=standing,
            num_trainable=num_trainable,
            started=started,
            is_checked=not job.given_up,
        )
        finishing.finish(setting, job.folder, outcome)
    checkpoint.clear(job.folder.checkpoints)
    return "done" if whole else "stopped"


def _learn(
    job: Job, setting: Setting, standing: Standing, held: Checkpoint | None
) -> tuple[Standing, int, bool]:
    """Train what is left to train: nothing in a run that was given up."""
    if not job.given_up:
        return _phases(setting, standing, held)
    return standing, phases.take_up(setting, held) if held else 0, False


def _resumed(standing: Standing) -> Message:
    return nsay(
        "The run was interrupted; it goes on after {num} whole epoch.",
        "The run was interrupted; it goes on after {num} whole epochs.",
        num=standing.num_epochs,
    )


def _setting(job: Job, events: Events) -> Setting:
    """Get everything ready that the phases need, and say what is used."""
    material = training_data.gather(job.ws, job.config)
    reporter = _reporter(job, material, events)
    reporter.enter(Stage.STARTING)
    for sentence in () if job.given_up else (*_about(job.device), *material.warnings):
        reporter.say(sentence)
    listener = Listener(
        say=reporter.say,
        progress=lambda share, rate: reporter.progress(share, images_per_second=rate or None),
        stop=job.stop,
    )
    return Setting(
        recipe=recipes.prepare(job.ws, job.config, material, device=job.device, listener=listener),
        reporter=reporter,
        listener=listener,
        checkpoints=job.folder.checkpoints,
    )


def _reporter(job: Job, material: Material, events: Events) -> Reporter:
    config, train, validation = job.config, material.train, material.validation
    return Reporter(
        folder=job.folder,
        device=job.device.name,
        note=None if job.given_up else job.device.note,
        draw=events.draw,
        epochs={Phase.HEAD: config.epochs, Phase.FINE_TUNE: config.fine_tune_epochs},
        meter=Meter(job.expect(config, len(train.images), len(validation.images))),
    )


def _phases(
    setting: Setting, standing: Standing, held: Checkpoint | None
) -> tuple[Standing, int, bool]:
    """Train the head, then what is thawed; tell also whether all was trained that was to be."""
    config, count = setting.recipe.config, 0
    if standing.phase is Phase.HEAD:
        standing, count = phases.run(setting, Phase.HEAD, standing, held)
        if not _is_over(standing, config.epochs):
            return standing, count, False
        held = None
    if not config.fine_tune_epochs:
        return standing, count, True
    if not network.can_thaw(setting.recipe.network):
        setting.reporter.say(say("All blocks are frozen, so there is nothing to fine-tune."))
        return standing, count, True
    if standing.phase is Phase.HEAD:
        standing = enter(standing, Phase.FINE_TUNE)
    standing, count = phases.run(setting, Phase.FINE_TUNE, standing, held)
    return standing, count, _is_over(standing, config.fine_tune_epochs)


def _is_over(standing: Standing, epochs: int) -> bool:
    return standing.finished or standing.epoch >= epochs


def _about(device: Device) -> list[Message]:
    sentences = [say("Training on {device}.", device=device.name)]
    return [*sentences, device.note] if device.note else sentences


def _too_hungry(config: TrainConfig) -> UserError:
    return UserError(
        say(
            "Memory ran out with images of {size} pixels in batches of {batch}.",
            size=config.image_size,
            batch=config.batch_size,
        ),
        expected=say("Training, also with half of that batch, must fit into the memory."),
        mend=say("Choose a smaller image size, a smaller backbone, or freeze more of it."),
    )
