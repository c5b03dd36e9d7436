"""Softmax regressions on the same rows, solved together: they differ in the rows' weights."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging import lbfgs

Array = NDArray[np.float64]

LIMIT = 500  # iterations
_BLOCK = 1 << 21  # numbers of a block of rows
_LEAST = 1e-8  # curvature: where all answers are sure
_ABSENT = -30.0  # the logit of a class that has nothing to learn from


@dataclass(frozen=True, slots=True, kw_only=True)
class PenalisedLoss:
    """The penalised loss at a point, and the log probability of each row's own class."""

    value: float
    gradient: Array
    scale: Array  # about the diagonal of the Hessian
    own: Array  # (problems, rows)
    right: NDArray[np.bool_]  # (problems, rows): no other class was more likely


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What comes of a block of rows."""

    own: Array  # (problems, rows), log probabilities
    errors: Array  # (problems x classes, rows): weight x (probability - truth)
    curvature: Array  # (problems x classes,): weight x p (1 - p), summed over the rows
    right: NDArray[np.bool_]  # (problems, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regressions:
    """The mean cross-entropy of each problem, plus half the strength times its squared weights."""

    rows: Array  # (rows, axes + 1), the last column is 1
    variances: Array  # (axes,), of the columns before it
    labels: NDArray[np.int64]
    weights: Array  # (problems, rows); the sum of each row is 1
    present: NDArray[np.bool_]  # (problems, classes)

    @property
    def offsets(self) -> Array:
        """Give what is added to the logits: (problems, classes)."""
        return np.where(self.present, 0.0, _ABSENT)

    def start(self) -> Array:
        """Give weights of zero: (problems x classes, axes + 1) float64."""
        return np.zeros((self.present.size, self.rows.shape[1]))

    def solve(
        self, start: Array, strength: float, tolerance: float
    ) -> Iterator[lbfgs.Step[PenalisedLoss]]:
        """Give each step from weights to those of the least loss.

        `start`: (problems x classes, axes + 1) float64.
        """
        return lbfgs.minimise(
            lambda point: self.evaluate(point, strength),
            start,
            tolerance=tolerance,
            limit=LIMIT,
        )

    def evaluate(self, point: Array, strength: float) -> PenalisedLoss:
        """Add up the losses of all problems at once.

        `point`: (problems x classes, axes + 1) float64.
        """
        gradient = strength * point
        gradient[:, -1] = 0  # biases are free
        value = 0.5 * float(np.vdot(gradient, point))
        curvature = np.full(self.present.size, _LEAST)
        own, right = np.empty_like(self.weights), np.zeros(self.weights.shape, bool)
        for part in self._blocks():
            answers = self._answer(part, point)
            gradient += answers.errors @ self.rows[part]
            curvature += answers.curvature
            own[:, part] = answers.own
            right[:, part] = answers.right
        return PenalisedLoss(
            value=value - float(np.vdot(self.weights, own)),
            gradient=gradient,
            scale=np.column_stack([curvature[:, None] * self.variances + strength, curvature]),
            own=own,
            right=right,
        )

    def _blocks(self) -> Iterator[slice]:
        size = max(64, _BLOCK // self.rows.shape[1])
        return (slice(first, first + size) for first in range(0, len(self.rows), size))

    def _answer(self, part: slice, point: Array) -> _Answers:
        """Let all problems answer about some rows."""
        labels, weights = self.labels[part], self.weights[:, None, part]
        columns = np.arange(len(labels))
        logits = (point @ self.rows[part].T).reshape(*self.present.shape, len(labels))
        logits += self.offsets[:, :, None]
        logits -= logits.max(axis=1, keepdims=True)
        right = logits.argmax(axis=1) == labels
        own = logits[:, labels, columns]
        shares = np.exp(logits, out=logits)
        total = shares.sum(axis=1, keepdims=True)
        shares /= total
        curvature = (shares * (1 - shares) * weights).sum(axis=2).ravel()
        shares[:, labels, columns] -= 1
        shares *= weights
        return _Answers(
            own=own - np.log(total[:, 0]),
            errors=shares.reshape(-1, len(labels)),
            curvature=curvature,
            right=right,
        )


def regressions(
    rows: Array, variances: Array, labels: NDArray, weights: NDArray, num_classes: int
) -> Regressions:
    """Pose a problem for each row of `weights`: (problems, rows), zero for what is left out."""
    seen = np.zeros((num_classes, len(weights)))
    np.add.at(seen, labels, weights.T)
    return Regressions(
        rows=rows,
        variances=variances,
        labels=labels,
        weights=weights / weights.sum(axis=1, keepdims=True),
        present=(seen > 0).T,
    )
