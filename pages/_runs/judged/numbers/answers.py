"""The numbers that a run's model reads off its validation images, and the images themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from core import datasets
from core.errors import UserError
from core.judging.numbers import written
from core.records import ImageRecord, LearnedTarget, ModelCard, Run, Split
from core.run_folder import RunFolder
from core.run_results import numbers
from core.run_results.numbers import NumberAnswers
from core.workspace import Workspace
from pages._runs.judged import answers
from pages._shared.widgets import t


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNumbers:
    """The answers of a run, with the images that are still there, by their content."""

    found: NumberAnswers
    target: LearnedTarget
    images: Mapping[str, ImageRecord]

    @property
    def worst(self) -> list[int]:
        """Give the rows of images that are there, those first that are farthest off."""
        order = np.argsort(-np.abs(self.found.errors), kind="stable").tolist()
        return [row for row in order if self.found.contents[row] in self.images]

    def told(self, row: int) -> str:
        """Say what an image is and what was read off it."""
        true, said = (written.amount(float(x[row]), self.target)
                      for x in (self.found.true, self.found.said))  # fmt: skip
        return t("{true}, read as {said}", true=true, said=said)


def of_validation(ws: Workspace, run: Run, card: ModelCard) -> ReadNumbers | None:
    """Give them; a run that left none is asked now. None: it learned from them, or none is left."""
    if card.target is None or not run.config.validates:
        return None
    if not answers.are_there(ws, run):
        return None
    path = ws.run(run.id).predictions
    found = _read(path.parent, path.stat().st_mtime)
    if found is None:
        return None
    return ReadNumbers(found=found, target=card.target, images=_images(ws, run))


@st.cache_data(max_entries=16, show_spinner=False)
def _read(folder: Path, written_at: float) -> NumberAnswers | None:
    """Read answers; ``written_at`` makes it look again where they were written anew."""
    return numbers.read(RunFolder(folder), Split.VALIDATION)


def _images(ws: Workspace, run: Run) -> dict[str, ImageRecord]:
    try:
        known = datasets.images(ws, run.config.dataset_id, run.config.dataset_version)
    except UserError:  # its data set was deleted
        return {}
    return {image.content: image for image in known}
