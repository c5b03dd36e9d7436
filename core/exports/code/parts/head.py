"""The head, on what the frozen backbone makes of each image, which is computed once"""

import keras
import numpy as np
from keras.initializers import GlorotUniform

from core.exports.code.parts.augmentation import seen
from core.exports.code.parts.backbone import base, pixels, scaled
from core.exports.code.parts.examples import DROPOUT, HIDDEN_UNITS
from core.exports.code.parts.pictures import x_train, x_val
from core.exports.code.parts.start import LABELS, SEED, VIEWS

pooled = keras.layers.GlobalAveragePooling2D()(base(scaled, training=False))
extractor = keras.Model(pixels, pooled)
head = keras.Sequential([keras.Input(pooled.shape[1:])])
# if: solves
head.add(keras.layers.UnitNormalization())  # the solver sees features of unit length
# end
# if: hidden
head.add(keras.layers.Dense(HIDDEN_UNITS, "relu", kernel_initializer=GlorotUniform(SEED + 1)))
# end
# if: dropout
head.add(keras.layers.Dropout(DROPOUT, seed=SEED))
# end
# if: single and solves
head.add(keras.layers.Dense(1))
# end
# if: softmax and solves
head.add(keras.layers.Dense(len(LABELS)))
# end
# if: single and not solves
head.add(keras.layers.Dense(1, kernel_initializer=GlorotUniform(SEED + 2)))
# end
# if: softmax and not solves
head.add(keras.layers.Dense(len(LABELS), kernel_initializer=GlorotUniform(SEED + 2)))
# end
# if: number
model = keras.Model(pixels, head(pooled))  # pixels to the standardised number
# else
model = keras.Model(pixels, head(pooled))  # pixels to logits
# end
extractor.jit_compile = model.jit_compile = False  # XLA would compile for longer than this takes
# if: augmented
each = [seen(range(len(x_train)), [view] * len(x_train)) for view in range(VIEWS + 1)]
f_train = np.stack([extractor.predict(x, verbose=0) for x in each], axis=1)  # images, views, ...
# else
f_train = extractor.predict(x_train, verbose=0)
# end
# if: judged and not solves
f_val = extractor.predict(x_val, verbose=0)
# end
