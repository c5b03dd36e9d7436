"""A configuration made ready to learn: images and labels, weights, the network on its device."""

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
from core.engine.training.progress import Report
from core.engine.training.training_data import TrainingData
from core.models import catalog, weights
from core.records import Phase, TrainConfig
from core.words import Message, say
from core.workspace import Workspace

ORIGINALS = ViewPlan()  # the images themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything that learning needs but an optimizer."""

    config: TrainConfig
    data: TrainingData
    network: Network
    weights_file: str  # empty for random values
    weights: str  # names the values of the backbone: a hash, or the seed of random ones
    device: Device
    cache: Path

    @property
    def views(self) -> ViewPlan:
        """Say in which views the training images are seen."""
        config = self.config
        return ViewPlan(
            augmentation=config.augmentation, num_views=config.num_views, flips=config.flips
        )


def prepare(
    ws: Workspace, config: TrainConfig, data: TrainingData, *, device: Device, report: Report
) -> Setup:
    """Find the weights, or fetch them, and build the network on the device."""
    path, name = _weights(config, report)
    keras.config.set_dtype_policy(device.policy)
    with device.strategy.scope():
        num_train = len(data.train.images)
        built = network.build(config, len(data.labels), path, name, num_train=num_train)
    return Setup(
        config=config,
        data=data,
        network=built,
        weights_file=path.name if path else "",
        weights=name,
        device=device,
        cache=ws.features,
    )


def features_of(
    ready: Setup,
    phase: Phase,
    images: tuple[Image, ...],
    views: ViewPlan,
    report: Report,
    *,
    beside: tuple[Image, ...] = (),
    patience: float = FOR_EVER,
) -> Features:
    """Have what is frozen in a phase computed for images; without such, their pixels.

    What is kept of images ``beside`` stays; ``patience`` is how many seconds what another run
    computes is waited for.

    Raises `feature_cache.Stopped` when it is asked to stop, or has waited long enough.
    """
    prefix = prefix_of(ready, phase)
    if prefix is None:
        return PixelFeatures(images, ready.config.image_size, views)

    def told(done: int, total: int, rate: float, sentence: Message | None) -> None:
        if sentence is not None:
            report.log(sentence)
        report.progress(done / max(1, total), images_per_second=rate or None)

    return feature_cache.prepare(
        images,
        prefix,
        views=views,
        cache=Cache.at(ready.cache),
        report=told,
        stop=report.stop,
        beside=beside,
        patience=patience,
    )


def prefix_of(ready: Setup, phase: Phase) -> Prefix | None:
    """Give what is frozen in a phase; None where nothing is."""
    model = network.prefix(ready.network, phase)
    if model is None:
        return None
    return Prefix(model=model, key=key_of(ready, phase), size=ready.config.image_size)


def key_of(ready: Setup, phase: Phase) -> str:
    """Name what is frozen in a phase: the folder of its features in the cache."""
    config, head = ready.config, phase is Phase.HEAD
    return prefixes.key_of(
        backbone=f"{config.backbone} {ready.device.policy}",
        weights=ready.weights,
        cut="all" if head else config.freeze,
        size=config.image_size,
        pooling=config.pooling if head else "",
    )


def _weights(config: TrainConfig, report: Report) -> tuple[Path | None, str]:
    """Give the file of pretrained weights and a name for its values."""
    backbone = catalog.backbone(config.backbone)
    if config.weights == "none":
        report.log(say("{backbone} starts from random values.", backbone=backbone.name))
        return None, f"seed {config.seed}"
    path = weights.locate(backbone, config.image_size)
    if path is None:
        report.log(say("Downloading the weights of {backbone}.", backbone=backbone.name))
        path = weights.fetch(
            backbone,
            config.image_size,
            lambda done, total: report.progress(done / max(1, total)),
        )
    pretrained = say(
        "{backbone} starts from pretrained weights: {file}.",
        backbone=backbone.name,
        file=path.name,
    )
    for sentence in (pretrained, weights.note_on_size(backbone, config.image_size)):
        if sentence is not None:
            report.log(sentence)
    return path, files.sha256(path)
