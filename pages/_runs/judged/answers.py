"""What a run's model answered to its validation images, for every part of its page."""

from pathlib import Path

import streamlit as st

from core import datasets
from core.errors import UserError
from core.insights import evaluation
from core.insights.evaluation import Judged
from core.records import ModelCard, Run, Split
from core.run_folder import RunFolder
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from pages._shared.engine import engine
from pages._shared.widgets import draw_problem, t


def validation(ws: Workspace, run: Run, card: ModelCard) -> tuple[PartPredictions, Judged] | None:
    """Give the answers and what they come to; a run that left none is asked for them now.

    None where the model learned from these images, or they are gone, which is said.
    """
    if card.validation is None or not card.validation.images:
        return None
    if not are_there(ws, run):
        return None
    path = ws.run(run.id).predictions
    found = _read(path.parent, Split.VALIDATION, path.stat().st_mtime)
    return (
        None if found is None else (found, evaluation.evaluate(found, card.labels, card.validation))
    )


def are_there(ws: Workspace, run: Run) -> bool:
    """Have a run that left no answers asked for them now; what is in the way is drawn."""
    if ws.run(run.id).predictions.exists():
        return True
    try:
        datasets.get(ws, run.config.dataset_id, run.config.dataset_version)
        with st.spinner(t("Asking the model about its validation images…")):
            engine(ws.root).complete(run.id)
    except UserError as error:
        draw_problem(error)
        return False
    return ws.run(run.id).predictions.exists()


@st.cache_data(max_entries=16, show_spinner=False)
def _read(folder: Path, split: Split, written: float) -> PartPredictions | None:
    """Read answers; ``written`` makes it look again where they were written anew."""
    return predictions.read(RunFolder(folder), split)
