"""Keras' optimizers, Adam's update in one operation of TensorFlow's instead of ten."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import keras
import tensorflow as tf


class _OneOperation:
    """Adam's formula as TensorFlow computes it at once: each array is read and written once.

    The same numbers as Keras' own but for rounding: https://arxiv.org/abs/1412.6980, the form
    before section 2.1. Measured in docs/decisions/features.md.
    """

    def update_step(self: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Move one variable and its two moments; ``gradient`` has the variable's shape."""
        index, kind = self._get_variable_index(variable), variable.dtype
        step = tf.cast(self.iterations.value + 1, kind)
        tf.raw_ops.ResourceApplyAdam(
            var=_handle(variable),
            m=_handle(self._momentums[index]),
            v=_handle(self._velocities[index]),
            beta1_power=tf.cast(self.beta_1, kind) ** step,
            beta2_power=tf.cast(self.beta_2, kind) ** step,
            lr=tf.cast(learning_rate, kind),
            beta1=tf.cast(self.beta_1, kind),
            beta2=tf.cast(self.beta_2, kind),
            epsilon=tf.cast(self.epsilon, kind),
            grad=tf.cast(gradient, kind),
        )


class Adam(_OneOperation, keras.optimizers.Adam):
    """Keras' Adam, faster."""


class AdamW(_OneOperation, keras.optimizers.AdamW):
    """Keras' AdamW, faster: the decay is taken off before the update, as there."""


def _handle(variable: Any) -> Any:
    return (variable.value if isinstance(variable, keras.Variable) else variable).handle


FACTORIES: Mapping[str, Callable[[float], keras.optimizers.Optimizer]] = {  # see catalog.OPTIMIZERS
    "solve": AdamW,  # fine-tunes; the head is solved in `loop.solving`
    "adam": Adam,
    "adamw": AdamW,
    "sgd": partial(keras.optimizers.SGD, momentum=0.9, nesterov=True),
    "rmsprop": keras.optimizers.RMSprop,
}


def make(name: str) -> keras.optimizers.Optimizer:
    """Make an optimizer whose learning rate is set before every step."""
    return FACTORIES[name](1e-3)
