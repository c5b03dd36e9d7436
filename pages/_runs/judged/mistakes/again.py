"""What was changed since a run, the way to train once more with that, and what came of it."""

import streamlit as st

from core import datasets
from core.insights.comparing import rescoring
from core.records import ModelCard, Run
from core.run_results.predictions import PartPredictions
from core.runs import executors, retraining
from core.workspace import Workspace
from pages._curation import editing
from pages._runs import names
from pages._runs.judged import answers
from pages._shared import widgets
from pages._shared.widgets import md, nt, sentences, t


def draw_changes(ws: Workspace, run: Run) -> None:
    """Say what was changed last, with the way back, and offer to train once more."""
    editing.echo()
    if not retraining.has_changed(ws, run.config):
        return
    newest = datasets.latest(ws, run.config.dataset_id)
    num = newest.version - run.config.dataset_version
    with st.container(border=True, key="changed-since"):
        editing.draw_changes(ws, newest)
        with st.container(horizontal=True, vertical_alignment="center"):
            _train_again(ws, run)
            st.caption(
                nt(
                    "{num} change since this run. The same settings, on the newest version; then "
                    "both models are judged on the images that both versions have.",
                    "{num} changes since this run. The same settings, on the newest version; then "
                    "both models are judged on the images that both versions have.",
                    num=num,
                )
            )


def _train_again(ws: Workspace, run: Run) -> None:
    label = t("Train again with these changes")
    if st.button(label, type="primary", icon=":material/replay:", key="train-again"):
        with widgets.mendable():
            made = retraining.train_again(ws, run.id)
            executors.submit(ws)
            widgets.go("runs.py", run=made)


def draw_rescored(ws: Workspace, run: Run, card: ModelCard, found: PartPredictions) -> None:
    """Compare a run that was made on a later version with the one it was cloned from."""
    first = retraining.earlier(ws, run.config)
    before = answers.validation(ws, first, first.card) if first and first.card else None
    if first is None or first.card is None or before is None:
        return
    rescored = rescoring.rescore(before[0], first.card.labels, found, card.labels)
    if rescored is None:
        return
    with st.container(border=True, key="rescored"):
        title = t("After the changes, against {run}", run=md(names.short(first)))
        st.markdown(f":material/difference: **{title}**")
        st.markdown(sentences(*rescoring.sentences(rescored)))
