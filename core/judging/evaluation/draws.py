"""Heads solved on fewer and more of the same images, and judged on others, over several draws.

Draw d is judged on fold d and learns from shares of the other folds, smaller ones inside larger
ones, of every class its share. Groups stay whole.
"""

import hashlib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging import folds, solver
from core.judging.design import prepare

SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)
DRAWS = folds.NUMBER
_LEAST = 2  # images of each class, where it has so many


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Images:
    """Images as a frozen network sees them, and what is known of them."""

    features: NDArray  # (images, channels)
    labels: NDArray[np.int64]  # (images,)
    groups: tuple[str, ...]  # of each; empty where it stands alone
    contents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgedDraws:
    """Who is named rightly by a head that learned from so many others."""

    learned: NDArray[np.float64]  # (shares,): images, on average over draws
    right: NDArray[np.bool_]  # (shares, images)


def solve(images: Images, num_classes: int) -> Iterator[tuple[int, int, NDArray[np.int64], int]]:
    """Solve one head after another: give draw, share, the classes named and how many taught it.

    Classes: (images,) int64, -1 of those that do not judge this draw. The strength of the decay is
    chosen by folds of what the first draw learns from, for each share.
    """
    dealt = folds.deal(images.labels.tolist(), images.groups, images.contents)
    strengths: dict[int, float] = {}
    for draw in range(DRAWS):
        judges = np.flatnonzero(dealt == draw)
        pool = np.flatnonzero(dealt != draw)
        if not len(judges) or not len(pool):
            continue
        for share, rows in enumerate(_nested(images, pool, draw)):
            design = prepare(images.features[rows])
            own = images.labels[rows]
            if share not in strengths:
                strengths[share] = _strength(images, rows, num_classes)
            steps = solver.solve(design, own, strengths[share], num_classes=num_classes)
            head = design.head(deque(steps, maxlen=1)[0].weights)
            logits = head.logits(images.features[judges])
            logits[:, np.bincount(own, minlength=num_classes) == 0] = -np.inf
            yield draw, share, _whole(judges, logits.argmax(axis=1), len(dealt)), len(rows)


def judged(images: Images, found: Sequence[tuple[int, int, NDArray[np.int64], int]]) -> JudgedDraws:
    """Gather over all draws what heads named, as `solve` gives it: (images,) int64 each."""
    right = np.zeros((len(SHARES), len(images.labels)), np.bool_)
    learned = np.zeros((len(SHARES), 2))
    for _, share, named, num in found:
        right[share] |= (named >= 0) & (named == images.labels)
        learned[share] += (num, 1)
    return JudgedDraws(learned=learned[:, 0] / np.maximum(1, learned[:, 1]), right=right)


def some(seen: JudgedDraws, rows: NDArray[np.bool_]) -> JudgedDraws:
    """Give what was judged of some images: (images,) bool."""
    return JudgedDraws(learned=seen.learned, right=seen.right[:, rows])


def can_tell(images: Images) -> NDArray[np.bool_]:
    """Tell which images can be named rightly at all: others of their class teach: (images,) bool.

    The only image of a class, or the only group, is judged by heads that never saw the class.
    """
    dealt = folds.deal(images.labels.tolist(), images.groups, images.contents)
    found = np.zeros(len(dealt), np.bool_)
    for number in range(DRAWS):
        own = dealt == number
        found[own] = np.isin(images.labels[own], images.labels[~own])
    return found


def _whole(rows: NDArray, named: NDArray, num: int) -> NDArray[np.int64]:
    """Put what was named of some images among all; -1 stands for the others."""
    found = np.full(num, -1, np.int64)
    found[rows] = named
    return found


def _nested(images: Images, pool: NDArray, draw: int) -> Iterator[NDArray[np.int64]]:
    """Give the images of each share of a pool: (some,) int64, each inside the next."""
    names = [_shuffled(images.contents[i], draw) for i in pool]
    groups = [images.groups[i] for i in pool]
    labels = images.labels[pool].tolist()
    for share in SHARES:
        wanted = max(1, round(share * len(pool)))
        dealt = folds.deal(labels, groups, names, number=_LEAST, sample=wanted)
        yield pool[dealt != folds.SKIPPED]


def _shuffled(content: str, draw: int) -> str:
    return hashlib.sha256(f"{draw} {content}".encode()).hexdigest()


def _strength(images: Images, rows: NDArray, num_classes: int) -> float:
    groups, contents = ([of[i] for i in rows] for of in (images.groups, images.contents))
    labels = images.labels[rows]
    dealt = folds.deal(labels.tolist(), groups, contents, number=3)
    trials = solver.search(
        prepare(images.features[rows]),
        labels,
        dealt,
        num_classes=num_classes,
        strengths=solver.COARSE,
    )
    return solver.best(tuple(trials))
