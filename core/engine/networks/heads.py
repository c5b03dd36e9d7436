"""Heads: what stands between the last feature map and the classes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np

from core.engine.networks import classifiers
from core.records import TrainConfig
from core.records.choices import OPTIMIZERS, TASKS

NUMBER = "number"  # the layer that gives it
DTYPE = "float32"  # also where the backbone computes in float16
POOLINGS: Mapping[str, Callable[..., keras.layers.Layer]] = {  # of each entry in catalog.HEADS
    "average": keras.layers.GlobalAveragePooling2D,
    "flatten": keras.layers.Flatten,
}


@dataclass(frozen=True, slots=True)
class Head:
    """The layers of a head, each used in training and in the finished model."""

    pool: keras.layers.Layer  # feature map -> vector
    layers: tuple[keras.layers.Layer, ...]  # vector -> logits
    activation: keras.layers.Layer  # logits -> probabilities

    @property
    def variables(self) -> list[keras.Variable]:
        return [v for layer in self.layers for v in layer.trainable_variables]

    @property
    def dropouts(self) -> list[keras.layers.Dropout]:
        return [layer for layer in self.layers if isinstance(layer, keras.layers.Dropout)]


def build_head(config: TrainConfig, num_classes: int, num_train: int = 0) -> Head:
    """Make the head of a configuration; its weights are a function of the seed alone.

    ``num_train``: images that it learns from, which some classifiers remember.
    """
    is_number = TASKS[config.task].is_number
    outputs = 1 if is_number or config.output == "sigmoid" else num_classes
    activation, name = ("linear", NUMBER) if is_number else (config.output, "probabilities")
    return Head(
        pool=POOLINGS[config.pooling](name="pool", dtype=DTYPE),
        layers=tuple(_layers(config, outputs, num_train)),
        activation=keras.layers.Activation(activation, name=name, dtype=DTYPE),
    )


def _layers(config: TrainConfig, outputs: int, num_train: int) -> Sequence[keras.layers.Layer]:
    unit_length = keras.layers.UnitNormalization(name="unit_length", dtype=DTYPE)
    if config.is_fitted:
        return [unit_length, *classifiers.LAYERS[config.classifier](outputs, num_train)]
    solves = OPTIMIZERS[config.optimizer].solves
    layers = [unit_length] if solves else list[keras.layers.Layer]()  # as the solver sees features
    if config.hidden_units:
        layers.append(_dense(config.hidden_units, "hidden", config.seed + 1, "relu"))
    if config.dropout:
        seed = config.seed
        layers.append(keras.layers.Dropout(config.dropout, seed=seed, name="dropout", dtype=DTYPE))
    return [*layers, _dense(outputs, "logits", config.seed + 2, None)]


def _dense(units: int, name: str, seed: int, activation: str | None) -> keras.layers.Dense:
    initial = keras.initializers.GlorotUniform(seed=seed)
    return keras.layers.Dense(units, activation, kernel_initializer=initial, name=name, dtype=DTYPE)


def apply(layers: Sequence[keras.layers.Layer], tensor: keras.KerasTensor) -> keras.KerasTensor:
    """Put a tensor through layers, one after another."""
    for layer in layers:
        tensor = layer(tensor)
    return tensor


def restore_unit(head: Head, mean: float, deviation: float) -> None:
    """Have a head that learned standardised numbers answer in the unit of the user.

    ``answer * deviation + mean``, in the weights of its last layer.
    """
    kernel, bias = head.layers[-1].get_weights()
    exact = np.asarray(kernel, np.float64), np.asarray(bias, np.float64)
    head.layers[-1].set_weights([exact[0] * deviation, exact[1] * deviation + mean])


def temper(head: Head, temperature: float) -> None:
    """Divide the logits of a head by a temperature, in the weights of its last layer.

    No answer changes, only how sure the probabilities are (Guo et al., ICML 2017).
    """
    last = head.layers[-1]
    last.set_weights([values / temperature for values in last.get_weights()])
