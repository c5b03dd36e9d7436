"""One run, from its configuration to a saved and checked model: what happens in which order."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import tensorflow as tf

from core import files, weights
from core.catalog import BACKBONES, choose
from core.engine import checkpoint, finishing, materials, network, phases, reporting
from core.engine.checkpoint import Checkpoint
from core.engine.device import Device
from core.engine.finishing import Outcome
from core.engine.materials import Material
from core.engine.phases import Setting
from core.engine.reporting import Reporter
from core.engine.schedules import Standing, enter
from core.errors import UserError
from core.records import Phase, Stage, TrainConfig
from core.words import Message, nsay, say
from core.workspace import RunFolder, Workspace

OUT_OF_MEMORY = (MemoryError, tf.errors.ResourceExhaustedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run to train, where, and how to learn that it should stop."""

    ws: Workspace
    run_id: str
    config: TrainConfig
    device: Device
    stop: Callable[[], bool]

    @property
    def folder(self) -> RunFolder:
        return self.ws.run(self.run_id)


def train(job: Job) -> str:
    """Train to the end; ``done``, or ``stopped`` when it was asked to end before."""
    try:
        return _train(job)
    except OUT_OF_MEMORY:
        if job.config.batch_size == 1:
            raise _too_hungry(job.config) from None
    smaller = replace(job.config, batch_size=job.config.batch_size // 2)
    sentence = nsay(
        "Memory ran out. Training starts again with batches of {num} image.",
        "Memory ran out. Training starts again with batches of {num} images.",
        num=smaller.batch_size,
    )
    files.append_record(job.folder.log, sentence)
    checkpoint.clear(job.folder.checkpoints)
    try:
        return _train(replace(job, config=smaller))
    except OUT_OF_MEMORY:
        raise _too_hungry(job.config) from None


def _train(job: Job) -> str:
    """Train once, from the last checkpoint if there is one."""
    started = time.monotonic()
    keras.utils.clear_session(free_memory=True)
    job.folder.card.unlink(missing_ok=True)
    held = checkpoint.latest(job.folder.checkpoints)
    standing = held.standing if held else Standing(batch_size=job.config.batch_size)
    started -= reporting.cut_back(job.folder, standing)
    material = materials.gather(job.ws, job.config)
    setting = _setting(job, material)
    if held:
        setting.reporter.say(
            nsay(
                "The run was interrupted; it goes on after {num} whole epoch.",
                "The run was interrupted; it goes on after {num} whole epochs.",
                num=standing.num_epochs,
            )
        )
    standing, num_trainable, whole = _phases(setting, standing, held)
    if not standing.best_epoch:
        setting.reporter.say(say("Stopped before the first epoch had ended: there is no model."))
        return "stopped"
    finishing.finish(
        setting,
        job.folder,
        Outcome(standing=standing, num_trainable=num_trainable, started=started),
    )
    checkpoint.clear(job.folder.checkpoints)
    return "done" if whole else "stopped"


def _setting(job: Job, material: Material) -> Setting:
    """Get everything ready that the phases need, and say what is used."""
    config = job.config
    reporter = _reporter(job, material)
    reporter.enter(Stage.STARTING)
    for sentence in (*_about(job.device), *material.warnings):
        reporter.say(sentence)
    path, name = _weights(config, reporter)
    keras.config.set_dtype_policy(job.device.policy)
    with job.device.strategy.scope():
        built = network.build(config, len(material.labels), path)
    return Setting(
        config=config,
        material=material,
        network=built,
        weights=name,
        weights_file=path.name if path else "",
        device=job.device,
        reporter=reporter,
        cache=job.ws.cache,
        checkpoints=job.folder.checkpoints,
        stop=job.stop,
    )


def _reporter(job: Job, material: Material) -> Reporter:
    config, train, validation = job.config, material.train, material.validation
    return Reporter(
        folder=job.folder,
        device=job.device.name,
        draw=lambda metrics: None,
        epochs={Phase.HEAD: config.epochs, Phase.FINE_TUNE: config.fine_tune_epochs},
        meter=reporting.meter(config, len(train.images), len(validation.images)),
    )


def _weights(config: TrainConfig, reporter: Reporter) -> tuple[Path | None, str]:
    """Give the file of pretrained weights and a name for its values; fetch it where it is not."""
    backbone = choose(BACKBONES, config.backbone, say("backbone"))
    if config.weights == "none":
        reporter.say(say("{backbone} starts from random values.", backbone=backbone.name))
        return None, f"seed {config.seed}"
    path = weights.locate(backbone, config.image_size)
    if path is None:
        reporter.say(say("Downloading the weights of {backbone}.", backbone=backbone.name))
        path = weights.fetch(
            backbone,
            config.image_size,
            lambda done, total: reporter.progress(done / total if total else 0.0),
        )
    reporter.say(
        say(
            "{backbone} starts from pretrained weights: {file}.",
            backbone=backbone.name,
            file=path.name,
        )
    )
    if note := weights.note_on_size(backbone, config.image_size):
        reporter.say(note)
    return path, weights.sha256(path)


def _phases(
    setting: Setting, standing: Standing, held: Checkpoint | None
) -> tuple[Standing, int, bool]:
    """Train the head, then what is thawed; tell also whether all was trained that was to be."""
    config, count = setting.config, 0
    if standing.phase is Phase.HEAD:
        standing, count = phases.run(setting, Phase.HEAD, standing, held)
        if not _is_over(standing, config.epochs):
            return standing, count, False
        held = None
    if not config.fine_tune_epochs or not network.can_thaw(setting.network):
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
