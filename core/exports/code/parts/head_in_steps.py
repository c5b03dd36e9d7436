"""The head, in steps"""

import keras

from core.exports.code.parts.examples import EPOCHS, RATE
from core.exports.code.parts.head import f_train, f_val, head
from core.exports.code.parts.stepping import train

# if: augmented and judged
inputs = (lambda rows, views: f_train[rows, views]), f_val
# end
# if: augmented and not judged
inputs = (lambda rows, views: f_train[rows, views]), None
# end
# if: not augmented and judged
inputs = (lambda rows, views: f_train[rows]), f_val
# end
# if: not augmented and not judged
inputs = (lambda rows, views: f_train[rows]), None
# end
optimizer = keras.optimizers.OPTIMIZER()
train(head, optimizer, *inputs, phase=0, epochs=EPOCHS, rate=RATE)
