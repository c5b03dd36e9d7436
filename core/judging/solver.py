"""The head solved to the end, with the strength of its decay chosen by cross-validation.

Softmax regression on standardised features of unit length. The strength is the one of the least
log loss on held-out folds of the images themselves; on a sample where there are many images.
Where stored views are learned from, `VIEWS` of it serves.

    dealt = folds.deal(labels, groups, contents, sample=1000)
    seen = dealt >= 0
    trials = tuple(search(prepare(features[seen]), labels[seen], dealt[seen], num_classes=10))
    design = prepare(features)
    for iterate in solve(design, labels, best(trials), num_classes=10):
        ...
    head = design.head(iterate.weights)
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.judging.design import Design
from core.judging.regression import Regressions, regressions

Array = NDArray[np.float64]

STRENGTHS = (0.1, 0.03, 0.01, 0.003, 0.001, 3e-4, 1e-4, 3e-5)
COARSE = (0.03, 0.003, 3e-4, 1e-4)  # half the search, and a solve of half the iterations
DEFAULT = 1e-3  # where no fold can tell
VIEWS = 0.5  # of the strength, where stored views are learned from
SAMPLE, SMALL_SAMPLE = 1000, 600  # images are enough to choose it
_EXACT, _ROUGH = 2e-6, 3e-3  # tolerances; by about as much probabilities are off
_COLUMNS = 64  # of weights that are found together
_COST = 1e8  # rows x axes x classes of the folds that are judged; one is judged in any case
_RISES = 2  # strengths in a row that are worse than the best end the search


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A strength, and what comes of held-out images: their mean log loss, and who is right."""

    strength: float
    loss: float
    judged: NDArray[np.bool_] = field(compare=False, repr=False)  # (images,): was held out
    right: NDArray[np.bool_] = field(compare=False, repr=False)  # (images,): of these


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterate:
    """Where a solve stands: what an epoch is elsewhere."""

    number: int  # from 1
    loss: float  # mean cross-entropy of the rows, without class weights and decay
    accuracy: float
    converged: bool
    weights: Array  # (classes, axes + 1), for `Design.head`


def search(
    design: Design,
    labels: NDArray,
    folds: NDArray[np.int64],
    *,
    num_classes: int,
    weights: NDArray | None = None,
    strengths: Sequence[float] = STRENGTHS,
) -> Iterator[Trial]:
    """Try strengths from strong to weak until they only get worse; none where no fold can tell.

    `labels`, `folds`, `weights`: (images,). Each image is seen in its view 0. A held-out image
    counts where its class has others to learn from.
    """
    weights = _weights(design, labels, num_classes, weights)
    walks = tuple(_walks(design, labels, folds, weights, num_classes))
    total = sum(walk.weight for walk in walks)
    judged = np.any([walk.judged for walk in walks], axis=0)
    least, rises = np.inf, 0
    for strength in strengths if total else ():
        losses, right = zip(*(walk.go(strength) for walk in walks), strict=True)
        loss = sum(losses) / total
        yield Trial(strength=strength, loss=loss, judged=judged, right=np.any(right, axis=0))
        rises = rises + 1 if loss >= least else 0
        least = min(least, loss)
        if rises == _RISES:
            return


def best_trial(trials: Sequence[Trial]) -> Trial | None:
    """Choose the trial of the least loss, the stronger on a tie; None without any."""
    return min(trials, key=lambda trial: trial.loss, default=None)


def best(trials: Sequence[Trial]) -> float:
    """Choose the strength of the best trial, the usual one without any."""
    chosen = best_trial(trials)
    return chosen.strength if chosen else DEFAULT


def solve(
    design: Design,
    labels: NDArray,
    strength: float,
    *,
    num_classes: int,
    weights: NDArray | None = None,
) -> Iterator[Iterate]:
    """Give each iterate on the way to the least loss; whoever stops early keeps the last one.

    `labels`, `weights`: (images,). The views of an image share its weight.
    """
    shares = _weights(design, labels, num_classes, weights)
    problem = regressions(
        design.rows,
        design.variances,
        np.repeat(labels, design.num_views),
        np.repeat(shares, design.num_views)[None],
        num_classes,
    )
    for step in problem.solve(problem.start(), strength, _EXACT):
        biases = step.point[:, -1] + problem.offsets[0]
        yield Iterate(
            number=step.number,
            loss=-float(step.seen.own.mean()),
            accuracy=float(step.seen.right.mean()),
            converged=step.converged,
            weights=np.column_stack([step.point[:, :-1], biases]),
        )


class _Walk:
    """The weights of a few folds on their way from strength to strength."""

    def __init__(self, problem: Regressions, held_out: Array) -> None:
        self._problem, self._held_out = problem, held_out
        self._point = problem.start()
        self.weight = float(held_out.sum())
        self.judged = (held_out > 0).any(axis=0)  # (images,)

    def go(self, strength: float) -> tuple[float, NDArray[np.bool_]]:
        """Solve at a strength, from where the last one led; judge the held-out images.

        Gives their log loss, summed, and who of all images is one of them and right: (images,).
        """
        tolerance = _ROUGH * len(self._problem.present) ** 0.5
        steps = self._problem.solve(self._point, strength, tolerance)
        last = deque(steps, maxlen=1)[0]
        self._point = last.point
        right: NDArray[np.bool_] = np.any((self._held_out > 0) & last.seen.right, axis=0)
        return -float(np.vdot(self._held_out, last.seen.own)), right


def _walks(
    design: Design, labels: NDArray, folds: NDArray[np.int64], weights: Array, num_classes: int
) -> Iterator[_Walk]:
    """Set out from strong to weak: with several folds at once, where the classes are few."""
    rows = design.rows[:: design.num_views]
    numbers = np.unique(folds)[: max(1, round(_COST / (rows.size * num_classes)))]
    size = max(1, _COLUMNS // num_classes)
    for first in range(0, len(numbers), size):
        outside = folds == numbers[first : first + size, None]
        kept = weights * ~outside
        if not kept.any(axis=1).all():
            return  # a single fold
        problem = regressions(rows, design.variances, labels, kept, num_classes)
        yield _Walk(problem, weights * (outside & problem.present[:, labels]))


def _weights(design: Design, labels: NDArray, num_classes: int, weights: NDArray | None) -> Array:
    """Check what stands beside the images; give their weights, with a mean of 1."""
    num = design.num_images
    if len(labels) != num or not 0 <= labels.min() <= labels.max() < num_classes:
        raise ValueError(f"Labels must be {num} numbers from 0 to {num_classes - 1}.")
    if weights is None:
        return np.ones(num)
    if len(weights) != num or not (np.isfinite(weights).all() and (weights > 0).all()):
        raise ValueError(f"Weights must be {num} positive numbers.")
    return np.asarray(weights, np.float64) * (num / weights.sum())
