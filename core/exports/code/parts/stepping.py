"""Learning in steps: the last epoch is kept, not the one that scores best on some images"""

import math

import keras
import numpy as np

from core.exports.code.parts.examples import PATIENCE
from core.exports.code.parts.pictures import weights, y_train, y_val
from core.exports.code.parts.start import BATCH, SEED, VIEWS


def train(model, optimizer, inputs, held_back, *, phase, epochs, rate):
    """Train one phase, 0 the head and 1 fine-tuning; `inputs` gives training images in views."""
    # if: sigmoid
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    metric = keras.metrics.BinaryAccuracy(threshold=0.0)
    model.compile(optimizer, loss, metrics=[metric], jit_compile=False)
    # else
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    # end
    number = math.ceil(len(y_train) / BATCH)  # of batches
    # if: watched
    least, most = math.inf, 0.0
    # end
    # if: patience
    waited = 0
    # end
    # if: plateau
    factor, stuck = 1.0, 0
    # end
    for epoch in range(1, epochs + 1):
        order = np.random.default_rng((SEED, phase, epoch)).permutation(len(y_train))
        # if: augmented
        views = np.random.default_rng([SEED + phase, epoch, 1]).integers(0, VIEWS + 1, len(y_train))
        # else
        views = np.zeros(len(y_train), int)  # the images themselves
        # end
        # if: augmented and afresh
        if phase == 1:  # nothing is frozen: a new view in every epoch
            views = np.full(len(y_train), epoch)
        # end
        # if: not judged
        model.reset_metrics()
        # end
        for step in range((epoch - 1) * number, epoch * number):
            rows = order[step % number * BATCH :][:BATCH]
            # if: cosine
            now = rate * 0.5 * (1 + math.cos(math.pi * step / (epochs * number)))
            # end
            # if: plateau
            now = rate * factor
            # end
            # if: constant
            now = rate
            # end
            # if: tunes
            warm = max(1, min(number, round(0.1 * epochs * number)))
            # end
            # if: tunes and solves
            now *= min(1, (step + 1) / warm)  # its optimizer knows nothing yet
            # end
            # if: tunes and not solves
            now *= min(1, (step + 1) / warm) if phase == 1 else 1  # its optimizer knows nothing yet
            # end
            optimizer.learning_rate = now
            # if: class_weights
            told = model.train_on_batch(inputs(rows, views[rows]), y_train[rows], weights[rows])
            # else
            told = model.train_on_batch(inputs(rows, views[rows]), y_train[rows])
            # end
        # if: judged
        told = model.evaluate(held_back, y_val, BATCH, verbose=0)
        # end
        print(f"epoch {epoch}: loss {told[0]:.4f}, accuracy {told[1]:.4f}")
        # if: watched
        better = told[0] < least or told[1] > most
        least, most = min(least, told[0]), max(most, told[1])
        # end
        # if: plateau
        stuck = 0 if better else stuck + 1
        if stuck == 2:
            factor, stuck = max(0.01, 0.3 * factor), 0
        # end
        # if: patience
        waited = 0 if better else waited + 1
        if waited == PATIENCE:
            break
        # end
