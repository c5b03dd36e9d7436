"""Classifiers as layers of a head, from features of unit length to logits; plain Keras alone."""

from collections.abc import Callable, Mapping, Sequence

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from core.judging.classifiers import nearest
from core.judging.classifiers.fitting import Fitted
from core.judging.classifiers.nearest import Neighbours
from core.judging.head import LinearHead
from core.records import TrainConfig

Layers = Sequence[keras.layers.Layer]
NEIGHBOURS, SHARES = "neighbours", "shares"
REMEMBERING = ("cosines", "votes")  # layers whose numbers are those of training images
_DTYPE = "float32"


def linear(outputs: int, num_train: int) -> Layers:
    """Make the layer of a linear classifier; its values come later."""
    return [keras.layers.Dense(outputs, kernel_initializer="zeros", name="logits", dtype=_DTYPE)]


def neighbours(outputs: int, num_train: int) -> Layers:
    """Make the layers of nearest neighbours: cosines, votes, and the logarithms of their shares."""
    make = {"use_bias": False, "kernel_initializer": "zeros", "dtype": _DTYPE}
    return [
        keras.layers.Dense(num_train, name=REMEMBERING[0], **make),
        _voting(num_train),
        keras.layers.Dense(outputs, name=REMEMBERING[1], **make),
        _shares(outputs),
    ]


LAYERS: Mapping[str, Callable[[int, int], Layers]] = {  # of each entry that is fitted at once
    "class-mean": linear,
    "knn": neighbours,
}


def values(fitted: Fitted, config: TrainConfig) -> list[NDArray]:
    """Give the values of the layers of what was fitted, in their order: any shape, float32."""
    if isinstance(fitted, Neighbours):
        return [fitted.directions.T, fitted.votes]
    assert isinstance(fitted, LinearHead)
    head = fitted.sigmoid if config.output == "sigmoid" else fitted
    return [array.astype(np.float32) for array in (head.kernel, head.bias)]


def _voting(num_train: int) -> keras.Model:
    """Make of cosines what each vote weighs, that of most images nothing: (batch, images)."""
    cosines = keras.Input((num_train,), dtype=_DTYPE)
    number = nearest.num_voting(num_train)
    least = ops.top_k(cosines, number)[0][:, number - 1 :]
    closeness = 1 / ops.maximum(1 - cosines, nearest.CLOSEST)
    return keras.Model(cosines, ops.where(cosines >= least, closeness, 0.0), name=NEIGHBOURS)


def _shares(outputs: int) -> keras.Model:
    """Make of votes the logarithms of their shares: (batch, classes)."""
    votes = keras.Input((outputs,), dtype=_DTYPE)
    shares = votes / ops.sum(votes, axis=-1, keepdims=True)
    return keras.Model(votes, ops.log(ops.maximum(shares, nearest.LEAST)), name=SHARES)
