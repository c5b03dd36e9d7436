"""Learning in steps: the last epoch is kept, not the one that scores best on some images"""

import math

import keras
import numpy as np

from core.exports.code.parts.augmentation import seen
from core.exports.code.parts.examples import PATIENCE
from core.exports.code.parts.head import head
from core.exports.code.parts.pictures import DEVIATION, weights, y_train, y_val
from core.exports.code.parts.start import BATCH, SEED, VIEWS
from core.exports.code.parts.teacher import HEAT, SHARE, ask, soft


def train(model, optimizer, inputs, held_back, *, phase, epochs, rate):
    """Train one phase, 0 the head and 1 fine-tuning; `inputs` gives training images in views."""
    # if: number
    model.compile(optimizer, "mse", metrics=["mae"], jit_compile=False)
    # end
    # if: sigmoid
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    metric = keras.metrics.BinaryAccuracy(threshold=0.0)
    # end
    # if: softmax
    loss, metric = keras.losses.SparseCategoricalCrossentropy(from_logits=True), "accuracy"
    # end
    # if: taught
    logits = model.outputs[0]
    # end
    # if: taught and judged
    judge = keras.Model(model.inputs, logits)  # the same layers, told by the labels alone
    judge.compile(loss=loss, metrics=[metric], jit_compile=False)
    # end
    # if: taught and sigmoid
    both = keras.ops.concatenate([keras.ops.zeros_like(logits), logits], axis=1) / HEAT
    # end
    # if: taught and softmax
    both = logits / HEAT
    # end
    # if: taught
    student = keras.Model(model.inputs, [logits, both])  # the same layers again: these learn
    losses = [loss, keras.losses.CategoricalCrossentropy(from_logits=True)]
    parts = {"loss_weights": [1 - SHARE, SHARE * HEAT**2]}  # so that gradients keep their size
    # end
    # if: taught and judged
    student.compile(optimizer, losses, **parts, jit_compile=False)
    # end
    # if: taught and not judged
    student.compile(optimizer, losses, **parts, metrics=[[metric], []], jit_compile=False)
    # end
    # if: not taught and not number
    model.compile(optimizer, loss, metrics=[metric], jit_compile=False)
    # end
    number = math.ceil(len(y_train) / BATCH)  # of batches
    # if: watched and number
    least = nearest = math.inf
    # end
    # if: watched and not number
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
        # if: dropout
        draws = np.random.default_rng((SEED, phase, epoch, 2)).integers(0, 2**31, 2)
        head.layers[-2].seed_generator.state.assign(draws.astype("uint32"))  # what dropout drops
        # end
        # if: augmented
        views = np.random.default_rng([SEED + phase, epoch, 1]).integers(0, VIEWS + 1, len(y_train))
        # else
        views = np.zeros(len(y_train), int)  # the images themselves
        # end
        # if: augmented and afresh
        if phase == 1:  # nothing is frozen: a new view in every epoch
            views = np.full(len(y_train), epoch)
        # end
        # if: not judged and taught
        student.reset_metrics()
        # end
        # if: not judged and not taught
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
            optimizer.learning_rate = now * min(1, (step + 1) / warm)  # it knows nothing yet
            # end
            # if: tunes and not solves
            now *= min(1, (step + 1) / warm) if phase == 1 else 1  # its optimizer knows nothing yet
            # end
            # if: not tunes
            optimizer.learning_rate = now
            # end
            # if: tunes and not solves
            optimizer.learning_rate = now
            # end
            # if: class_weights and not taught
            told = model.train_on_batch(inputs(rows, views[rows]), y_train[rows], weights[rows])
            # end
            # if: not class_weights and not taught
            told = model.train_on_batch(inputs(rows, views[rows]), y_train[rows])
            # end
            # if: taught and not augmented
            truths = [y_train[rows], soft[rows]]
            # end
            # if: taught and augmented and not fresh
            truths = [y_train[rows], soft[rows, views[rows]]]
            # end
            # if: taught and fresh and not solves
            new = soft[rows, views[rows]] if phase == 0 else ask(seen(rows, views[rows]))
            # end
            # if: taught and fresh and solves
            new = ask(seen(rows, views[rows]))  # of views that were never seen before
            # end
            # if: taught and fresh
            truths = [y_train[rows], new]
            # end
            # if: taught and class_weights
            told = student.train_on_batch(inputs(rows, views[rows]), truths, [weights[rows]] * 2)
            # end
            # if: taught and not class_weights
            told = student.train_on_batch(inputs(rows, views[rows]), truths)
            # end
        # if: judged and taught
        told = judge.evaluate(held_back, y_val, BATCH, verbose=0)
        # end
        # if: judged and not taught
        told = model.evaluate(held_back, y_val, BATCH, verbose=0)
        # end
        # if: taught and not judged
        told = told[1], told[-1]  # by the labels alone
        # end
        # if: number
        loss, off = told[0] * DEVIATION**2, told[1] * DEVIATION
        print(f"epoch {epoch}: loss {loss:.4g}, off by {off:.4g} on average")
        # else
        print(f"epoch {epoch}: loss {told[0]:.4f}, accuracy {told[1]:.4f}")
        # end
        # if: watched and number
        better = told[0] < least or told[1] < nearest
        least, nearest = min(least, told[0]), min(nearest, told[1])
        # end
        # if: watched and not number
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
