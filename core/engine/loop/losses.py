"""What training makes small, and what it is judged by beside: of each task; and of a teacher."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.records.choices import CLASSIFICATION, REGRESSION

Compare = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]  # outputs (images, columns), labels (images,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """The loss of each image, its figure, and what it is answered: (images,) each."""

    losses: Compare
    figures: Compare  # right or not; how far off
    answers: Callable[[tf.Tensor], tf.Tensor]
    dtype: tf.DType  # of the answers
    errors: Callable[[NDArray, NDArray], NDArray]  # answers, labels -> right, or how far off


@dataclass(frozen=True, slots=True)
class Distillation:
    """How much of the loss is a teacher's, and how soft both networks' answers are made for it."""

    share: float
    temperature: float


def cross_entropy(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Give the cross-entropy of each image in nats; one logit means two classes."""
    if logits.shape[-1] == 1:
        truth = tf.cast(labels, tf.float32)
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=truth, logits=logits[:, 0])
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)


def soft_cross_entropy(logits: tf.Tensor, taught: tf.Tensor, temperature: float) -> tf.Tensor:
    """Give the cross-entropy of each image against a teacher's answers, both divided by it.

    Times the square of the temperature, so that gradients keep their size (Hinton et al. 2015).
    One logit means two classes. ``taught``: (images, classes).
    """
    if logits.shape[-1] == 1:
        logits = tf.concat([tf.zeros_like(logits), logits], axis=1)
    softened = tf.nn.softmax(taught / temperature)
    losses = tf.nn.softmax_cross_entropy_with_logits(softened, logits / temperature)
    return temperature**2 * losses


def _named(logits: tf.Tensor) -> tf.Tensor:
    """Give the number of the class that each image is named: (images,), int32."""
    if logits.shape[-1] == 1:
        return tf.cast(logits[:, 0] > 0, tf.int32)
    return tf.argmax(logits, axis=-1, output_type=tf.int32)


LOSSES: Mapping[str, Loss] = {
    CLASSIFICATION: Loss(
        losses=cross_entropy,
        figures=lambda logits, labels: tf.cast(_named(logits) == labels, tf.float32),
        answers=_named,
        dtype=tf.int32,
        errors=lambda named, labels: named == labels,
    ),
    REGRESSION: Loss(  # of standardised numbers
        losses=lambda outputs, labels: (outputs[:, 0] - labels) ** 2,
        figures=lambda outputs, labels: tf.abs(outputs[:, 0] - labels),
        answers=lambda outputs: outputs[:, 0],
        dtype=tf.float32,
        errors=lambda said, labels: np.abs(said - labels),
    ),
}
