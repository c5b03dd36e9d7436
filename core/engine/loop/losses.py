"""Losses of single images: against their labels, and against what a teacher says of them."""

from dataclasses import dataclass

import tensorflow as tf


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
