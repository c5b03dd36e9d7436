"""Keras' optimizers: each variable at its share of the rate, Adam's update in one operation."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import keras
import tensorflow as tf

_WEIGHT_DECAY = 0.05  # in fine-tuning after a solved head


class _Shares:
    """Moves each variable at its share of the learning rate; decoupled decay follows."""

    shares: Sequence[float] = ()  # of each variable that was built for; none: the whole rate

    def update_step(self: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Move one variable; ``gradient`` has the variable's shape."""
        if self.shares:
            learning_rate = learning_rate * self.shares[self._get_variable_index(variable)]
            if self.weight_decay is not None and self._use_weight_decay(variable):
                variable.assign_sub(variable * self.weight_decay * learning_rate)
        super().update_step(gradient, variable, learning_rate)  # type: ignore[misc]

    def _apply_weight_decay(self, variables: Sequence[Any]) -> None:
        if not self.shares:
            super()._apply_weight_decay(variables)  # type: ignore[misc]


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


class Adam(_Shares, _OneOperation, keras.optimizers.Adam):
    """Keras' Adam, faster."""


class AdamW(_Shares, _OneOperation, keras.optimizers.AdamW):
    """Keras' AdamW, faster: the decay is taken off before the update, as there."""


class SGD(_Shares, keras.optimizers.SGD):
    """Keras' SGD."""


class RMSprop(_Shares, keras.optimizers.RMSprop):
    """Keras' RMSprop."""


def _handle(variable: Any) -> Any:
    return (variable.value if isinstance(variable, keras.Variable) else variable).handle


def _tuner(rate: float) -> keras.optimizers.Optimizer:
    """Make what fine-tunes after a solved head: biases are not kept small."""
    made = AdamW(rate, weight_decay=_WEIGHT_DECAY)
    made.exclude_from_weight_decay(var_names=["bias"])
    return made


FACTORIES: Mapping[str, Callable[[float], keras.optimizers.Optimizer]] = {  # see catalog.OPTIMIZERS
    "solve": _tuner,  # the head is solved in `loop.solving`
    "adam": Adam,
    "adamw": AdamW,
    "sgd": partial(SGD, momentum=0.9, nesterov=True),
    "rmsprop": RMSprop,
}


def make(name: str, shares: Sequence[float] = ()) -> keras.optimizers.Optimizer:
    """Make an optimizer whose learning rate is set before every step.

    ``shares``: of that rate, for each variable that it is built for; none: the whole.
    """
    made = FACTORIES[name](1e-3)
    made.shares = tuple(shares)
    return made
