"""Networks: backbone x freezing depth x head, cut in two for training and whole for use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import keras
from numpy.typing import NDArray

from core.engine.networks import backbones, blocks, classifiers, from_scratch, heads
from core.models import catalog, presets
from core.models.catalog import Backbone
from core.records import Phase, TrainConfig
from core.records.choices import TASKS


@dataclass(frozen=True, slots=True)
class Network:
    """A backbone (raw 0..255 pixels -> feature map) and a head; all models below share them."""

    backbone: keras.Model
    head: heads.Head
    freeze: str  # all | none | the last frozen block

    @property
    def size(self) -> int:
        return int(self.backbone.input_shape[1])


def build(
    config: TrainConfig,
    num_classes: int,
    weights: Path | None,
    sha256: str = "",
    *,
    num_train: int = 0,
) -> Network:
    """Build backbone and head; random values are a function of the seed alone.

    ``sha256`` is that of the weights file: a warm process knows by it what it holds already.
    ``num_train``: images that a head which remembers them is for.
    """
    if not TASKS[config.task].is_number:
        presets.check_output(config.output, num_classes)
    keras.utils.set_random_seed(config.seed)
    backbone = catalog.backbone(config.backbone)
    policy = keras.config.dtype_policy().name
    if weights is not None and config.freeze == "all":
        model = _unchanging(backbone, config.image_size, weights, sha256, policy)
    elif weights is not None and config.study:
        model, values = _renewable(backbone, config.image_size, weights, sha256, policy)
        model.set_weights(values)
    else:
        model = backbones.build_backbone(backbone, config.image_size, weights)
    if weights is None:
        from_scratch.measure(model, config.seed)
    return Network(model, heads.build_head(config, num_classes, num_train), config.freeze)


@lru_cache(maxsize=1)
def _unchanging(
    backbone: Backbone, size: int, weights: Path, sha256: str, policy: str
) -> keras.Model:
    """Build a backbone that never learns; a warm process keeps the last one for its next run."""
    return backbones.build_backbone(backbone, size, weights)


@lru_cache(maxsize=1)
def _renewable(
    backbone: Backbone, size: int, weights: Path, sha256: str, policy: str
) -> tuple[keras.Model, list[NDArray]]:
    """Build a backbone for one run of a study after another, with the values to begin from."""
    model = backbones.build_backbone(backbone, size, weights)
    return model, model.get_weights()


def portable(network: Network, backbone_name: str) -> Network:
    """Give the same network in float32, which runs well where there is no GPU too."""
    if keras.config.dtype_policy().name == "float32":
        return network
    keras.config.set_dtype_policy("float32")
    backbone = backbones.build_backbone(catalog.backbone(backbone_name), network.size, None)
    backbones.copy_weights(network.backbone, backbone)
    return replace(network, backbone=backbone)


def prefix(network: Network, phase: Phase) -> keras.Model | None:
    """Give what is frozen in a phase: pixels -> pooled features, or activations at the cut.

    In the head phase the whole backbone is frozen. None where nothing is.
    """
    if phase is Phase.HEAD:
        backbone = network.backbone
        return keras.Model(backbone.input, network.head.pool(backbone.output), name="prefix")
    return blocks.split(network.backbone, network.freeze)[0]


def learner(network: Network, phase: Phase) -> keras.Model:
    """Give what learns in a phase: the prefix's output (or pixels) -> logits."""
    head = network.head
    if phase is Phase.HEAD:
        features = keras.Input(network.head.pool(network.backbone.output).shape[1:])
        return keras.Model(features, heads.apply(head.layers, features))
    suffix = _suffix(network)
    inputs = keras.Input(suffix.input_shape[1:])
    features = suffix(inputs, training=False)
    return keras.Model(inputs, heads.apply((head.pool, *head.layers), features))


def thaw(network: Network, phase: Phase) -> list[keras.Variable]:
    """Mark what learns in a phase as trainable and give its variables.

    BatchNorm stays as it is, statistics and scales, as in the Keras transfer-learning guide.
    """
    network.backbone.trainable = False
    if phase is Phase.HEAD:
        return network.head.variables
    suffix = _suffix(network)
    suffix.trainable = True
    for layer in _leaves(suffix):
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    return [*suffix.trainable_variables, *network.head.variables]


def shares(
    network: Network, variables: Sequence[keras.Variable], decay: float
) -> tuple[float, ...]:
    """Give each variable's share of the learning rate: ``decay`` times less with every block.

    The head and the last block have the whole rate.
    """
    heights = {id(v): height for v, height in blocks.heights(_suffix(network))}
    return tuple(decay ** heights.get(id(v), 0) for v in variables)


def whole(network: Network) -> keras.Model:
    """Give the finished model: raw 0..255 pixels (batch, size, size, 3) -> probabilities."""
    pixels = keras.Input((network.size, network.size, 3), name="pixels")
    head = network.head
    features = network.backbone(pixels, training=False)
    return keras.Model(pixels, heads.apply((head.pool, *head.layers, head.activation), features))


def can_thaw(network: Network) -> bool:
    """Tell whether anything of the backbone learns at all."""
    return blocks.split(network.backbone, network.freeze)[1] is not None


def num_learned(network: Network, phase: Phase) -> int:
    """Count the numbers that learn in a phase; those of remembered images do not."""
    head = [layer for layer in network.head.layers if layer.name in classifiers.REMEMBERING]
    remembered = [variable for layer in head for variable in layer.trainable_variables]
    return count(thaw(network, phase)) - count(remembered)


def count(variables: list[keras.Variable]) -> int:
    """Count the numbers in variables."""
    return sum(int(keras.ops.size(v)) for v in variables)


def _suffix(network: Network) -> keras.Model:
    suffix = blocks.split(network.backbone, network.freeze)[1]
    if suffix is None:
        raise ValueError(f"nothing is thawed with freeze='{network.freeze}'")
    return suffix


def _leaves(model: keras.Model) -> Iterator[keras.layers.Layer]:
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _leaves(layer)
        else:
            yield layer
