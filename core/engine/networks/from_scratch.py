"""A start from random values that can learn: BatchNorm statistics measured on synthetic pictures.

BatchNorm stays as it is in training, and a random network's statistics say nothing of its signals,
which fade from layer to layer. One pass in training mode measures them (data-dependent
initialisation, Krähenbühl et al. 2016). The pictures are noise of all scales, as photographs are,
and a function of the seed, so that the network's features can be kept for any data set.
"""

import keras
import numpy as np
import tensorflow as tf

NUM_PICTURES = 16


def measure(model: keras.Model, seed: int) -> None:
    """Set the moving statistics of every BatchNorm to those of synthetic pictures."""
    layers = [x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)]
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.trainable, layer.momentum = True, 0.0
    model(pictures(int(model.input_shape[1]), seed), training=True)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.trainable, layer.momentum = False, momentum


def pictures(size: int, seed: int) -> tf.Tensor:
    """Make pictures (16, size, size, 3), float32 in 0..255."""
    rng, total = np.random.default_rng(seed), tf.zeros((NUM_PICTURES, size, size, 3))
    for side in (1, 4, 16, size):
        noise = rng.normal(size=(NUM_PICTURES, side, side, 3)).astype(np.float32)
        total += tf.image.resize(noise, (size, size))
    return tf.clip_by_value(127 + 40 * total, 0, 255)
