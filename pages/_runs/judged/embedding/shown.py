"""The pictures on the map of a run, with what the model says of each that it did not learn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core import datasets
from core.datasets import versions
from core.insights.mapping import points
from core.records import Dataset, ImageRecord, Run, Split
from core.run_results.embedding_map import EmbeddingMap
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from pages._runs.compare import has_dataset
from pages._runs.judged.mistakes.seen import Seen, scores_of
from pages._shared.listings import listing


@dataclass(frozen=True, kw_only=True, eq=False)
class MapPictures:
    """The pictures on a map by their number on it, as `core.run_results.embedding_map` has them."""

    made: EmbeddingMap
    labels: tuple[str, ...]
    answers: Mapping[Split, PartPredictions]
    asked: tuple[int | None, ...]  # the number of each among the answers to its part
    by_row: Mapping[int, ImageRecord]
    newest: Dataset | None
    now: Mapping[str, ImageRecord]

    @cached_property
    def named(self) -> NDArray[np.int64]:
        """Give the number of the class that each is named: (images,); -1: it was learned from."""
        named = {part: one.predicted.tolist() for part, one in self.answers.items()}
        found = (
            -1 if row is None else named[part][row]
            for row, part in zip(self.asked, self.made.parts, strict=True)
        )
        return np.fromiter(found, np.int64, len(self.asked))

    @cached_property
    def wrong(self) -> NDArray[np.bool_]:
        """Tell of each whether it is named wrongly: (images,)."""
        return np.asarray((self.named >= 0) & (self.named != self.made.labels), np.bool_)

    def seen(self, row: int) -> Seen:
        """Give one picture that is there."""
        at, part = self.asked[row], self.made.parts[row]
        return Seen(
            row=row,
            image=self.by_row[row],
            true=self.labels[self.made.labels[row]],
            scores=() if at is None else scores_of(self.answers[part], at, self.labels),
        )

    def can_change(self, row: int) -> bool:
        """Tell whether the label of a picture may be changed: not in the test part."""
        return self.made.parts[row] is not Split.TEST


def find(ws: Workspace, run: Run, made: EmbeddingMap, labels: tuple[str, ...]) -> MapPictures:
    """Find the pictures on a map; none where the data set is gone."""
    answers = points.answers_of(ws.run(run.id))
    newest, images, now = None, tuple[ImageRecord, ...](), tuple[ImageRecord, ...]()
    if has_dataset(ws, run):
        learned = datasets.get(ws, run.config.dataset_id, run.config.dataset_version)
        newest = datasets.latest(ws, run.config.dataset_id)
        images, now = listing(ws, learned), listing(ws, newest)
    records = points.records_of(made, labels, images)
    return MapPictures(
        made=made,
        labels=labels,
        answers=answers,
        asked=points.rows_of(made, answers),
        by_row={row: image for row, image in enumerate(records) if image is not None},
        newest=newest,
        now={versions.key(image): image for image in now},
    )
