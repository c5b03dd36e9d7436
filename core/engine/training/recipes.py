"""What a configuration means, made ready: images and labels, weights, the network on its device."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras

from core import files
from core.engine.device import Device
from core.engine.features import feature_cache, prefixes
from core.engine.features.cache_folder import FOR_EVER, Cache
from core.engine.features.inputs import PixelFeatures
from core.engine.features.pipeline import Features, Image
from core.engine.features.prefixes import Prefix
from core.engine.features.views import ViewPlan
from core.engine.networks import network
from core.engine.networks.network import Network
from core.engine.training.training_data import Material
from core.models import weights
from core.models.catalog import BACKBONES, choose
from core.records import Phase, TrainConfig
from core.words import Message, say
from core.workspace import Workspace

PLAIN = ViewPlan()  # the images themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that learning needs but an optimizer."""

    config: TrainConfig
    material: Material
    network: Network
    weights_file: str  # empty for random values
    weights: str  # names the values of the backbone: a hash, or the seed of random ones
    device: Device
    cache: Path

    @property
    def plan(self) -> ViewPlan:
        """Say in which views the training images are seen."""
        config = self.config
        return ViewPlan(
            augmentation=config.augmentation, num_views=config.num_views, flips=config.flips
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Whom to tell how far the work is, and whom to ask whether to go on."""

    say: Callable[[Message], None]
    progress: Callable[[float, float], None]  # share done, images (or bytes) per second
    stop: Callable[[], bool]
    patience: float = FOR_EVER  # seconds that what another run computes is waited for


def prepare(
    ws: Workspace, config: TrainConfig, material: Material, *, device: Device, listener: Listener
) -> Recipe:
    """Find the weights, or fetch them, and build the network on the device."""
    path, name = _weights(config, listener)
    keras.config.set_dtype_policy(device.policy)
    with device.strategy.scope():
        built = network.build(config, len(material.labels), path, name)
    return Recipe(
        config=config,
        material=material,
        network=built,
        weights_file=path.name if path else "",
        weights=name,
        device=device,
        cache=ws.cache,
    )


def features_of(
    recipe: Recipe,
    phase: Phase,
    images: tuple[Image, ...],
    plan: ViewPlan,
    listener: Listener,
    *,
    beside: tuple[Image, ...] = (),
) -> Features:
    """Have what is frozen in a phase computed for images; without such, their pixels.

    What is kept of images ``beside`` stays.

    Raises `features.Stopped` when the listener says stop, or has waited long enough.
    """
    prefix = prefix_of(recipe, phase)
    if prefix is None:
        return PixelFeatures(images, recipe.config.image_size, plan)

    def report(done: int, total: int, rate: float, sentence: Message | None) -> None:
        if sentence is not None:
            listener.say(sentence)
        listener.progress(done / max(1, total), rate)

    return feature_cache.prepare(
        images,
        prefix,
        views=plan,
        cache=Cache.at(recipe.cache),
        report=report,
        stop=listener.stop,
        beside=beside,
        patience=listener.patience,
    )


def prefix_of(recipe: Recipe, phase: Phase) -> Prefix | None:
    """Give what is frozen in a phase; None where nothing is."""
    model = network.prefix(recipe.network, phase)
    if model is None:
        return None
    return Prefix(model=model, key=key_of(recipe, phase), size=recipe.config.image_size)


def key_of(recipe: Recipe, phase: Phase) -> str:
    """Name what is frozen in a phase: the folder of its features in the cache."""
    config, head = recipe.config, phase is Phase.HEAD
    return prefixes.key_of(
        backbone=f"{config.backbone} {recipe.device.policy}",
        weights=recipe.weights,
        cut="all" if head else config.freeze,
        size=config.image_size,
        pooling=config.pooling if head else "",
    )


def _weights(config: TrainConfig, listener: Listener) -> tuple[Path | None, str]:
    """Give the file of pretrained weights and a name for its values."""
    backbone = choose(BACKBONES, config.backbone, say("backbone"))
    if config.weights == "none":
        listener.say(say("{backbone} starts from random values.", backbone=backbone.name))
        return None, f"seed {config.seed}"
    path = weights.locate(backbone, config.image_size)
    if path is None:
        listener.say(say("Downloading the weights of {backbone}.", backbone=backbone.name))
        path = weights.fetch(
            backbone,
            config.image_size,
            lambda done, total: listener.progress(done / max(1, total), 0.0),
        )
    pretrained = say(
        "{backbone} starts from pretrained weights: {file}.",
        backbone=backbone.name,
        file=path.name,
    )
    for sentence in (pretrained, weights.note_on_size(backbone, config.image_size)):
        if sentence is not None:
            listener.say(sentence)
    return path, files.sha256(path)
