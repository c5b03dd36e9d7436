"""The teacher: what it says of an image is learned from too, softened (Hinton et al., 2015)"""

import keras
import numpy as np

from core.exports.code.parts.augmentation import augment, seen
from core.exports.code.parts.examples import ORDER, TEACHER_SIZE
from core.exports.code.parts.pictures import contents, load, x_train
from core.exports.code.parts.start import HERE, VIEWS

SHARE = 0.5  # of the loss; the labels have the rest
HEAT = 2.0  # the temperature of both networks in it
teacher = keras.models.load_model(HERE / "teacher.keras", compile=False)  # pixels to shares
teacher.jit_compile = False
# if: resized and judged
larger, _ = load("train", size=TEACHER_SIZE)  # the teacher looks at pictures of its own size
# end
# if: resized and not judged
larger, _ = load("train", "validation", size=TEACHER_SIZE)  # as the teacher looks at them
# end
# if: resized and augmented
larger = [picture for picture, content in larger]


def shown(rows, views):
    return np.array([augment(larger[i], contents[i], view) for i, view in zip(rows, views)])


# end


def ask(images):
    """Give what the teacher says at the temperature, (images, classes)."""
    shares = teacher.predict(images, verbose=0)
    # if: teacher_sigmoid
    shares = np.hstack([1 - shares, shares])
    # end
    # if: reordered
    shares = shares[:, ORDER]
    # end
    raised = np.maximum(shares, 1e-6) ** (1 / HEAT)
    return raised / raised.sum(axis=1, keepdims=True)


# if: stored and augmented
each = [ask(seen(range(len(x_train)), [view] * len(x_train))) for view in range(VIEWS + 1)]
soft = np.stack(each, axis=1)  # images, views, classes
# end
# if: not augmented and resized
soft = ask(np.array(larger))
# end
# if: not augmented and not resized
soft = ask(x_train)
# end
