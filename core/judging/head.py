"""One linear layer over features of unit length: what a solve comes to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_LEAST = 1e-12  # a row of zeros stays one, as in Keras' UnitNormalization


def unit_lengths(features: NDArray) -> Array:
    """Give by what to divide each row for unit length: (rows, 1) float."""
    exact = np.asarray(features, np.float64)
    lengths: Array = np.sqrt(np.einsum("ij,ij->i", exact, exact))[:, None]
    return np.maximum(lengths, _LEAST)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearHead:
    """What a Dense layer after UnitNormalization holds; one column stands for a sigmoid."""

    kernel: Array  # (features, classes)
    bias: Array  # (classes,)

    @property
    def sigmoid(self) -> "LinearHead":
        """Give the same answers about two classes as one number: the log odds of the second."""
        kernel, bias = np.diff(self.kernel, axis=1), np.diff(self.bias)
        return LinearHead(kernel=kernel, bias=bias)

    def tempered(self, temperature: float) -> "LinearHead":
        """Give the same answers with logits so many times smaller."""
        return LinearHead(kernel=self.kernel / temperature, bias=self.bias / temperature)

    def logits(self, features: NDArray) -> Array:
        """Give what softmax or sigmoid makes probabilities of: (images, classes) float."""
        found: Array = (features / unit_lengths(features)) @ self.kernel + self.bias
        return found

    def probabilities(self, features: NDArray) -> Array:
        """Give the probabilities of all classes: (images, classes) float, two for a sigmoid."""
        logits = self.logits(features)
        if logits.shape[1] == 1:
            logits = np.hstack([np.zeros_like(logits), logits])
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Array = raised / raised.sum(axis=1, keepdims=True)
        return shares
