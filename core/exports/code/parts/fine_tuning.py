"""Fine-tuning: the upper blocks learn with the head, but for their BatchNorm"""

import math

import keras
import numpy as np

from core.exports.code.parts.augmentation import seen
from core.exports.code.parts.backbone import base
from core.exports.code.parts.examples import (
    FINE_TUNE_EPOCHS,
    FINE_TUNE_RATE,
    LAST_FROZEN,
    LAYER_DECAY,
    TUNER,
)
from core.exports.code.parts.head import model
from core.exports.code.parts.pictures import ROWS, x_train, x_val, y_val
from core.exports.code.parts.stepping import train

base.trainable = True
places = {layer.name: place for place, layer in enumerate(base.layers)}
# if: by_depth
BLOCK_ENDS = ("block_16_project_BN", "out_relu")
ends, shares = [places[end] for end in BLOCK_ENDS], {}
# end
for place, layer in enumerate(base.layers):
    # if: cut
    frozen = place <= places[LAST_FROZEN]  # with which the last frozen block ends
    layer.trainable = not (frozen or isinstance(layer, keras.layers.BatchNormalization))
    # else
    layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    # end
    # if: by_depth
    above = sum(place <= end for end in ends) - 1  # blocks between this layer's and the head
    shares |= {id(v.value): LAYER_DECAY**above for v in layer.trainable_variables}
    # end
# if: by_depth


class ByDepth(keras.optimizers.OPTIMIZER):
    """Moves each variable, as TensorFlow's `value`, at its share of the learning rate."""

    def update_step(self, gradient, variable, learning_rate):
        learning_rate = learning_rate * shares.get(id(variable), 1.0)
        # if: adamw
        variable.assign_sub(variable * 0.004 * learning_rate)  # decoupled decay, as in AdamW
        # end
        # if: solves
        if "bias" not in variable.name:
            variable.assign_sub(variable * 0.05 * learning_rate)  # decoupled decay, as in AdamW
        # end
        super().update_step(gradient, variable, learning_rate)


# end
# if: not by_depth
optimizer = keras.optimizers.OPTIMIZER()
# end
# if: solves and not by_depth
optimizer.exclude_from_weight_decay(var_names=["bias"])
# end
# if: judged and sigmoid
before = (model.predict(x_val, verbose=0)[:, 0] > 0) == y_val
# end
# if: judged and softmax
before = model.predict(x_val, verbose=0).argmax(axis=1) == y_val
# end
# if: judged and number
before = np.abs(model.predict(x_val, verbose=0)[:, 0] - y_val)
# end
# if: judged
alone = model.get_weights()
# end
# if: not augmented


def seen(rows, views):
    return x_train[rows]


# end
# if: judged
train(model, TUNER, seen, x_val, phase=1, epochs=FINE_TUNE_EPOCHS, rate=FINE_TUNE_RATE)
# else
train(model, TUNER, seen, None, phase=1, epochs=FINE_TUNE_EPOCHS, rate=FINE_TUNE_RATE)
# end
# if: judged and sigmoid
changes = ((model.predict(x_val, verbose=0)[:, 0] > 0) == y_val).astype(int) - before
# end
# if: judged and softmax
changes = (model.predict(x_val, verbose=0).argmax(axis=1) == y_val).astype(int) - before
# end
# if: judged and number
changes = before - np.abs(model.predict(x_val, verbose=0)[:, 0] - y_val)
farther = np.sign(changes).sum() < 0  # more of them are farther off than nearer
# end
# if: judged and grouped
groups = [row["group"] or str(n) for n, row in enumerate(ROWS) if row["part"] == "validation"]
changes = np.bincount(np.unique(groups, return_inverse=True)[1], changes)  # one witness each
# end
# if: judged
n, most = np.count_nonzero(changes), int((changes < 0).sum())
chance = 2 * sum(math.comb(n, k) for k in range(most, n + 1)) / 2**n
# end
# if: judged and number
if farther and most > n - most and chance < 0.05:  # the exact sign test
    model.set_weights(alone)  # it is surely farther off, so the head alone is kept
# end
# if: judged and not number
if changes.sum() < 0 and most > n - most and chance < 0.05:  # McNemar's exact test
    model.set_weights(alone)  # it is surely worse, so the head alone is kept
# end
