"""The backbone, in inference mode throughout: BatchNorm keeps the statistics that it came with"""

import keras
import numpy as np
import tensorflow as tf

from core.exports.code.parts.start import SEED, SIZE

pixels = keras.Input((SIZE, SIZE, 3), name="pixels")
# if: inside
scaled = pixels  # this network scales them itself
# end
# if: tf
scaled = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(pixels)
# end
# if: torch
mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
scale, offset = (1 / (255 * deviation)).tolist(), (-mean / deviation).tolist()
scaled = keras.layers.Rescaling(scale, offset=offset)(pixels)
# end
# if: caffe
mirrored = keras.ops.flip(pixels, axis=-1)  # blue, green, red
scaled = keras.layers.Rescaling(1.0, offset=[-103.939, -116.779, -123.68])(mirrored)
# end
base = keras.applications.MobileNetV2(
    alpha=0.35, weights="imagenet", include_top=False, input_shape=(SIZE, SIZE, 3)
)
# if: random
# Random weights have no statistics yet: noise of all scales, as in photographs, gives them.
rng, noise = np.random.default_rng(SEED), tf.zeros((16, SIZE, SIZE, 3))
for side in (1, 4, 16, SIZE):
    drawn = rng.normal(size=(16, side, side, 3)).astype("float32")
    noise += tf.image.resize(drawn, (SIZE, SIZE))
for layer in base.layers:
    if isinstance(layer, keras.layers.BatchNormalization):
        layer.momentum = 0.0
keras.Model(pixels, base(scaled, training=True))(tf.clip_by_value(127 + 40 * noise, 0, 255))
# end
base.trainable = False
