"""The head, solved: on standardised features it has one best answer"""

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge

from core.exports.code.parts.examples import SOLVED_VIEWS, STRENGTH
from core.exports.code.parts.head import f_train, head
from core.exports.code.parts.pictures import weights, y_train
from core.exports.code.parts.start import LABELS

# if: augmented
rows = f_train[:, :SOLVED_VIEWS].astype("float64")
labels, rows = np.repeat(y_train, rows.shape[1]), rows.reshape(-1, rows.shape[-1])
# else
labels, rows = y_train, f_train.astype("float64")
# end
rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
mean, deviation = rows.mean(axis=0), rows.std(axis=0)
deviation += 1e-3 * np.sqrt((deviation**2).mean() + mean.var())  # so that none is blown up
scale = np.sqrt(len(mean)) * deviation + 1e-9
# if: pair
decay = STRENGTH * 2 * len(rows)  # chosen by the run, by folds of its training images; of a pair
# else
decay = STRENGTH * len(rows)  # the strength was chosen by the run, by folds of its training images
# end
# if: number
found = Ridge(alpha=decay)
found.fit((rows - mean) / scale, labels)
# else
found = LogisticRegression(C=1 / decay, tol=1e-6, max_iter=10_000)
# end
# if: class_weights
found.fit((rows - mean) / scale, labels, np.repeat(weights, len(rows) // len(y_train)))
# end
# if: not class_weights and not number
found.fit((rows - mean) / scale, labels)
# end
# if: number
kernel = (found.coef_ / scale)[:, None]
# end
# if: pair and softmax
kernel = found.coef_.T * [-0.5, 0.5] / scale[:, None]  # half for each of the two
bias = found.intercept_ * [-0.5, 0.5] - mean @ kernel
# else
# if: not number
kernel = found.coef_.T / scale[:, None]
# end
bias = found.intercept_ - mean @ kernel
# end
# if: absent
whole, low = np.zeros((len(mean), len(LABELS))), np.full(len(LABELS), -30.0)
whole[:, found.classes_], low[found.classes_] = kernel, bias  # nothing speaks for the others
kernel, bias = whole, low
# end
head.layers[-1].set_weights([kernel, bias])
