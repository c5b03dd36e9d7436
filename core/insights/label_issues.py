"""Which labels may be wrong, in the eyes of models that did not see their images.

They are ranked by self-confidence, the probability of the given label out of fold (Northcutt,
Jiang, Chuang: Confident Learning, JAIR 2021). How many are shown is not left to the confident joint
of that paper, which takes every mistake of a weak judge for a wrong label, but to
`core.judging.label_noise`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core import datasets
from core.datasets import features
from core.insights import out_of_fold
from core.judging import label_noise
from core.records import Accuracy, Dataset, ImageRecord
from core.workspace import Workspace

LIKELY = 0.7  # a label that is wrong with this probability is worth a look
PRECISION = (  # of the label issues, with 1 to 10 % wrong labels, by the accuracy of the judge
    (0.7, (0.7, 0.95)),  # docs/decisions/label-issues.md
    (0.0, (0.25, 0.65)),
)
TRIED_FROM = 100  # images; with fewer, trials are too few to say


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelIssue:
    """An image whose label a model that never saw it disputes."""

    index: int = field(metadata={"was": "place"})  # in the sequence of images
    given: str
    suggested: str
    probability_given: float
    probability_suggested: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelIssues:
    """The labels that are likely wrong, the surest first, and how good their judge is."""

    issues: tuple[tuple[ImageRecord, LabelIssue], ...]
    judge: Accuracy  # of the given labels, on images that it did not see


def judge_labels(
    ws: Workspace, dataset: Dataset, vectors: Mapping[str, np.ndarray]
) -> LabelIssues | None:
    """Find images whose label is likely wrong; a label that was kept is not. None: one class.

    ``vectors``: by content, (features,) float each.
    """
    images, rows = features.described(ws, dataset, vectors)
    labels = [image.label for image in images]
    names = sorted(set(labels))
    if len(names) < datasets.MIN_CLASSES:
        return None
    groups = [image.group for image in images]
    answers = out_of_fold.predict(rows, labels, names, groups=groups, seed=dataset.seed)
    judge = out_of_fold.score(answers, labels, names)
    if judge.low <= judge.majority:  # no better than a guess
        return LabelIssues(issues=(), judge=judge)
    found = find_label_issues(labels, answers, names)
    kept = tuple((images[s.index], s) for s in found if not images[s.index].confirmed)
    return LabelIssues(issues=kept, judge=judge)


def find_label_issues(
    labels: Sequence[str], probabilities: np.ndarray, names: Sequence[str]
) -> list[LabelIssue]:
    """Give the labels that are likely wrong, those of the least self-confidence first.

    `probabilities`: (images, classes) float, out of fold. Clean labels, or a judge that cannot
    tell, give none.
    """
    columns = {name: column for column, name in enumerate(names)}
    given = np.array([columns[label] for label in labels])
    noise = label_noise.fit(given, probabilities)
    wrong = label_noise.probability_wrong(given, probabilities, noise)
    own = probabilities[np.arange(len(given)), given]
    best = probabilities.argmax(axis=1)
    return [
        LabelIssue(
            index=index,
            given=names[given[index]],
            suggested=names[best[index]],
            probability_given=float(own[index]),
            probability_suggested=float(probabilities[index, best[index]]),
        )
        for index in np.argsort(own, kind="stable").tolist()
        if wrong[index] >= LIKELY and best[index] != given[index]
    ]


def expected_precision(accuracy: float, num_images: int) -> tuple[float, float] | None:
    """Give which share of the label issues is wrong indeed, from and to, by how good the judge is.

    None where there are too few images to say.
    """
    if num_images < TRIED_FROM:
        return None
    return next(shares for least, shares in PRECISION if accuracy >= least)
