"""Exact class activation maps: what each place of a feature map adds to the logit of each class.

A head is linear once an image is seen: the length of its features is then a number, and a hidden
unit is active or is not. So each logit is a sum over places and a rest (for a head without a hidden
layer: Zhou et al., CVPR 2016, "Learning Deep Features for Discriminative Localization").
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_LEAST = 1e-12  # length of a vector that stays what it is, as in Keras


@dataclass(frozen=True, slots=True, eq=False)
class DenseLayer:
    """A dense layer of a head. kernel: (inputs, units); bias: (units,), float."""

    kernel: NDArray
    bias: NDArray
    is_relu: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class HeadLayers:
    """The layers of a head that decide, from the feature map to the logits."""

    layers: tuple[DenseLayer, ...]
    keeps_places: bool = False  # the map is flattened, not averaged
    is_unit_length: bool = False  # features are brought to length one first


@dataclass(frozen=True, slots=True, eq=False)
class LinearParts:
    """A head as it is for one image: logits = vector @ slopes + rest.

    slopes: (features, classes); rest and logits: (classes,), float64.
    """

    slopes: Array
    rest: Array
    logits: Array


def parts(head: HeadLayers, features: NDArray) -> LinearParts:
    """Take a head apart for the features (height, width, channels) float of one image.

    A head with one output, a sigmoid, speaks for the second class and as much against the first.
    """
    vector = _vector(head, features)
    scale = 1 / max(float(np.linalg.norm(vector)), _LEAST) if head.is_unit_length else 1.0
    found, active = vector * scale, list[Array]()
    for layer in head.layers:
        found = found @ np.asarray(layer.kernel, np.float64) + layer.bias
        active.append(found > 0 if layer.is_relu else np.ones(len(found)))
        found = found * active[-1]
    slopes, rest = np.eye(len(found)), np.zeros(len(found))
    for layer, mask in zip(reversed(head.layers), reversed(active), strict=True):
        slopes = slopes * mask[:, None]
        rest = rest + layer.bias @ slopes
        slopes = np.asarray(layer.kernel, np.float64) @ slopes
    return LinearParts(_both(slopes * scale), _both(rest), _both(found))


def _vector(head: HeadLayers, features: NDArray) -> Array:
    wide = np.asarray(features, np.float64)
    return wide.ravel() if head.keeps_places else wide.mean((0, 1))


def _both(values: Array) -> Array:
    return np.concatenate([-values, values], axis=-1) if values.shape[-1] == 1 else values


def for_class(found: LinearParts, index: int) -> Array:
    """Give the slopes of one class rather than the others: (features,), float64.

    What speaks for all classes alike decides nothing: softmax does not change when each logit grows
    by the same. So the mean over the classes is taken away.
    """
    return np.asarray(found.slopes[:, index] - found.slopes.mean(1))


def contributions(head: HeadLayers, features: NDArray, slopes: Array) -> Array:
    """Give what each place adds to a logit: (height, width), float64.

    ``features``: (height, width, channels) float; a head that averages takes a map of any size.
    ``slopes``: (features,) float64, those of the logit. Sum and rest are the logit.
    """
    height, width, _ = features.shape
    wide = np.asarray(features, np.float64)
    if head.keeps_places:
        return np.asarray((wide * slopes.reshape(features.shape)).sum(-1))
    return np.asarray(wide @ slopes / (height * width))


def probabilities(logits: Array, *, is_sigmoid: bool) -> Array:
    """Give the probabilities of the classes: (classes,), float64."""
    if is_sigmoid:  # the logits of both classes, one the negative of the other
        found: Array = 1 / (1 + np.exp(-logits))
        return found
    grown = np.exp(logits - logits.max())
    return np.asarray(grown / grown.sum())
