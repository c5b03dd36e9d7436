"""What a model says of single pictures of a part, with the pictures themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core import datasets
from core.datasets import versions
from core.records import Dataset, ImageRecord, Run, Score, Split
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from pages._runs.compare import has_dataset
from pages._shared.listings import listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One picture and what the model says of it, the likeliest class first."""

    row: int  # its number among the answers
    image: ImageRecord
    true: str
    scores: tuple[Score, ...]  # none of a picture that the model learned from

    @property
    def named(self) -> str:
        """Give the class that the picture is named; what was learned from is taken as it is."""
        return self.scores[0].label if self.scores else self.true

    @property
    def is_right(self) -> bool:
        """Tell whether that is its class."""
        return self.named == self.true


class ShownPictures(Protocol):
    """Pictures by their number, and how the newest version of the data set has them."""

    @property
    def by_row(self) -> Mapping[int, ImageRecord]:
        """Give those that are there."""

    @property
    def newest(self) -> Dataset | None:
        """Give the newest version; None: the data set was deleted."""

    @property
    def now(self) -> Mapping[str, ImageRecord]:
        """Give the pictures of the newest version, by their keys."""

    def seen(self, row: int) -> Seen:
        """Give one picture that is there."""

    def can_change(self, row: int) -> bool:
        """Tell whether its label may be changed: not in the test part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPictures:
    """The pictures of a part, and how the newest version of the data set has them."""

    found: PartPredictions
    labels: tuple[str, ...]
    split: Split
    by_row: Mapping[int, ImageRecord]
    newest: Dataset | None  # None: the data set was deleted
    now: Mapping[str, ImageRecord]  # of the newest version, by their keys

    def seen(self, row: int) -> Seen:
        """Give one picture that is there."""
        true = self.labels[self.found.labels[row]]
        scores = scores_of(self.found, row, self.labels)
        return Seen(row=row, image=self.by_row[row], true=true, scores=scores)

    def can_change(self, row: int) -> bool:
        """Tell whether the label of a picture may be changed: not in the test part."""
        return self.split is Split.VALIDATION


def scores_of(found: PartPredictions, row: int, labels: Sequence[str]) -> tuple[Score, ...]:
    """Give what the model says of an image, the likeliest class first."""
    shares, first = found.probabilities[row], int(found.predicted[row])
    order = [first, *(i for i in np.argsort(-shares, kind="stable").tolist() if i != first)]
    return tuple(Score(label=labels[i], probability=float(shares[i])) for i in order)


def find(
    ws: Workspace, run: Run, found: PartPredictions, labels: tuple[str, ...], split: Split
) -> PartPictures:
    """Find the pictures behind the answers; none where the data set is gone."""
    if not has_dataset(ws, run):
        return PartPictures(found=found, labels=labels, split=split, by_row={}, newest=None, now={})
    learned = datasets.get(ws, run.config.dataset_id, run.config.dataset_version)
    newest = datasets.latest(ws, run.config.dataset_id)
    images = [image for image in listing(ws, learned) if image.split is split]
    return PartPictures(
        found=found,
        labels=labels,
        split=split,
        by_row=_by_row(found, labels, images),
        newest=newest,
        now={versions.key(image): image for image in listing(ws, newest)},
    )


def _by_row(
    found: PartPredictions, labels: Sequence[str], images: Sequence[ImageRecord]
) -> dict[int, ImageRecord]:
    """Give the picture of each answer; the same pixels may have come in several files."""
    known: dict[tuple[str, str], list[ImageRecord]] = {}
    for image in reversed(images):
        known.setdefault((image.content, image.label), []).append(image)
    asked = zip(found.contents, found.labels.tolist(), strict=True)
    waiting = ((row, known.get((content, labels[i]))) for row, (content, i) in enumerate(asked))
    return {row: records.pop() for row, records in waiting if records}
