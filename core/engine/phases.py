"""One phase of a run: what is frozen becomes features, what is thawed learns from them."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.engine import checkpoint, features, materials, network, schedules, training
from core.engine.batches import Part
from core.engine.cache import Cache
from core.engine.checkpoint import Checkpoint
from core.engine.device import Device
from core.engine.features import Prefix, Stopped
from core.engine.materials import ImageSet, Material
from core.engine.network import Network
from core.engine.pipeline import Features
from core.engine.reporting import Reporter
from core.engine.schedules import Standing
from core.engine.sources import PixelFeatures
from core.engine.steps import Learner
from core.engine.training import Trainer, Watch
from core.engine.views import ViewPlan
from core.records import Phase, Stage, TrainConfig
from core.words import Message

LOSS_SCALE = 1024.0  # keeps small gradients alive in float16
PLAIN = ViewPlan()  # validation: the images themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the phases of a run share."""

    config: TrainConfig
    material: Material
    network: Network
    weights_file: str  # empty for random values
    weights: str  # names the values of the backbone: a hash, or the seed of random ones
    device: Device
    reporter: Reporter
    cache: Path
    checkpoints: Path
    stop: Callable[[], bool]


def run(
    setting: Setting, phase: Phase, standing: Standing, held: Checkpoint | None
) -> tuple[Standing, int]:
    """Train one phase, from a checkpoint of it if there is one.

    Leaves the best values in the network; gives where training stands and how much learned.
    """
    learner = _learner(setting, phase)
    best = held.best if held is not None else learner.values
    if held is not None:
        learner.state = held.state
    trainer = Trainer(
        plan=schedules.plan_of(setting.config, phase),
        learner=learner,
        dropouts=setting.network.head.dropouts,
        watch=_watch(setting),
        best=best,
    )
    with contextlib.suppress(Stopped):
        train, validation = _parts(setting, phase)
        setting.reporter.enter(Stage.TRAINING, phase, share=standing.epoch / trainer.plan.epochs)
        standing = training.fit(trainer, standing, train=train, validation=validation)
    learner.values = trainer.best
    return standing, network.count(learner.variables)


def _learner(setting: Setting, phase: Phase) -> Learner:
    with setting.device.strategy.scope():
        model = network.learner(setting.network, phase)  # builds the head
        return Learner(
            model,
            network.thaw(setting.network, phase),
            optimizer=setting.config.optimizer,
            strategy=setting.device.strategy,
            loss_scale=LOSS_SCALE if setting.device.is_gpu else 1.0,
        )


def _watch(setting: Setting) -> Watch:
    def keep(standing: Standing, state: list, best: list) -> None:
        checkpoint.save(setting.checkpoints, Checkpoint(standing, state, best))

    return Watch(report=setting.reporter.metrics, stop=setting.stop, keep=keep)


def _parts(setting: Setting, phase: Phase) -> tuple[Part, Part]:
    """Make features of the training and the validation images; only the first are augmented."""
    config, material = setting.config, setting.material
    plan = ViewPlan(
        augmentation=config.augmentation, num_views=config.num_views, flips=config.flips
    )
    counts = len(material.train.images) * plan.total, len(material.validation.images)
    share = counts[0] / sum(counts)
    model = network.prefix(setting.network, phase)
    pair: tuple[Features, Features]
    if model is None:
        make = partial(PixelFeatures, size=config.image_size)
        pair = make(material.train.images, plan=plan), make(material.validation.images, plan=PLAIN)
    else:
        setting.reporter.enter(Stage.FEATURES, phase)
        said: set[Message] = set()  # both parts may have the same to say
        prefix = Prefix(model=model, key=_key(setting, phase), size=config.image_size)
        pair = (
            _features(setting, prefix, material.train, plan, (0.0, share), said),
            _features(setting, prefix, material.validation, PLAIN, (share, 1.0), said),
        )
    return (
        _part(pair[0], material.train, balanced=config.class_weights),
        _part(pair[1], material.validation, balanced=False),
    )


def _key(setting: Setting, phase: Phase) -> str:
    config = setting.config
    head = phase is Phase.HEAD
    return features.prefix_key(
        backbone=f"{config.backbone} {setting.device.policy}",
        weights=setting.weights,
        cut="all" if head else config.freeze,
        size=config.image_size,
        pooled=head and config.pooling == "average",
    )


def _part(given: Features, images: ImageSet, *, balanced: bool) -> Part:
    return Part(given, images.labels, materials.weigh(images.labels, balanced=balanced))


def _features(
    setting: Setting,
    prefix: Prefix,
    images: ImageSet,
    plan: ViewPlan,
    shares: tuple[float, float],
    said: set[Message],
) -> Features:
    start, end = shares

    def report(done: int, total: int, rate: float, sentence: Message | None) -> None:
        if sentence is not None and sentence not in said:
            said.add(sentence)
            setting.reporter.say(sentence)
        share = start + (end - start) * done / max(1, total)
        setting.reporter.progress(share, images_per_second=rate)

    return features.prepare(
        images.images,
        prefix,
        views=plan,
        cache=Cache.at(setting.cache),
        report=report,
        stop=setting.stop,
    )
