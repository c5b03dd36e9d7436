"""Two runs of different versions of a data set, judged on the images that both versions have."""

import streamlit as st

from core.insights.comparing import comparability, rescoring
from core.records import Run
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.words import join
from core.workspace import Workspace
from pages._shared.widgets import language, t


def draw(ws: Workspace, run: Run, other: Run) -> None:
    """Judge two versions' runs on the images that both versions have, with the newest labels."""
    if run.config.dataset_id != other.config.dataset_id or comparability.same_images(run, other):
        return
    order = sorted((run, other), key=lambda one: one.config.dataset_version)
    answers = [(_answers(ws, one), one.card) for one in order]
    (first, old), (second, new) = answers
    if first is None or second is None or old is None or new is None:
        return
    found = rescoring.rescore(first, old.labels, second, new.labels)
    if found is not None:
        told = join(map(t, rescoring.sentences(found)), language())
        st.markdown(f":material/balance: {told}")


def _answers(ws: Workspace, run: Run) -> PartPredictions | None:
    return predictions.read(ws.run(run.id)) if run.config.validates else None
