"""What a score would have been with images of one group on both sides of the split."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.datasets import features
from core.insights import out_of_fold
from core.judging.statistics import sign_test
from core.records import Accuracy, Dataset
from core.words import Message, say
from core.workspace import Workspace

CHANCE = 0.05  # a difference that chance makes less often is called one


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """What a head scores on the same images, honestly and with copies on both sides."""

    honest: Accuracy
    leaky: Accuracy
    better: int  # groups, and images in none, that were judged better with the leak
    worse: int

    @property
    def is_beyond_chance(self) -> bool:
        """Judge the two scores as pairs: each group, or image in none, is its own control."""
        return sign_test(self.better, self.worse) < CHANCE

    @property
    def sentence(self) -> Message:
        """Say by how much the scores differ, and whether chance alone would do that."""
        points = round(100 * abs(self.leaky.accuracy - self.honest.accuracy), 1)
        if not self.is_beyond_chance:
            return say(
                "The scores differ by {points} points. Chance alone can do that: these images do "
                "not show that a leak would change the score.",
                points=points,
            )
        if self.better > self.worse:
            return say(
                "The leak would add {points} points that the model does not deserve. Chance alone "
                "hardly does that.",
                points=points,
            )
        return say(
            "The leak would take {points} points away, most often because a copy is in another "
            "class. Chance alone hardly does that.",
            points=points,
        )


def estimate(ws: Workspace, dataset: Dataset, vectors: Mapping[str, np.ndarray]) -> Leak | None:
    """Compare folds that keep groups whole with folds that cut them; None without any group.

    Every image is judged both ways, each time by a head that learned from the other folds. What is
    compared is a group as a whole, since its copies are right or wrong together (McNemar's paired
    comparison, 1947, in the form of an exact sign test over groups). The folds are dealt once: how
    much another deal would change is not in it (Dietterich 1998). ``vectors``: by content,
    (features,) float each.
    """
    images, rows = features.described(ws, dataset, vectors)
    groups = [image.group for image in images]
    if not any(groups):
        return None
    labels = [image.label for image in images]
    names = sorted(set(labels))
    alone = [""] * len(images)
    kept = out_of_fold.predict(rows, labels, names, groups=groups, seed=dataset.seed)
    cut = out_of_fold.predict(rows, labels, names, groups=alone, seed=dataset.seed)
    honest, leaky = (out_of_fold.right(answers, labels, names) for answers in (kept, cut))
    gains: Counter[str] = Counter()
    for image, gain in zip(images, (leaky.astype(int) - honest).tolist(), strict=True):
        gains[image.group or f"alone {image.content} {image.file}"] += gain
    return Leak(
        honest=out_of_fold.score(kept, labels, names),
        leaky=out_of_fold.score(cut, labels, names),
        better=sum(gain > 0 for gain in gains.values()),
        worse=sum(gain < 0 for gain in gains.values()),
    )
