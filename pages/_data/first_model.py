"""A model of a data set in one press, on the Data page: begun, watched, and tried right here."""

import streamlit as st

from core.records import Dataset
from core.runs import quick
from core.workspace import Workspace
from pages._runs import at_once
from pages._shared import run_words as words, unseen, widgets
from pages._shared.widgets import t

SHOWN = "quick"  # in the address: the data set whose newest run is shown
WANTED = "wanted-model"  # of this session: the data set of which a model is wanted


def ask(dataset_id: str) -> None:
    """Want a model of a data set, which may still be read; it begins when the data set is shown."""
    st.session_state[WANTED] = dataset_id
    st.query_params[SHOWN] = dataset_id
    at_once.start_clock(dataset_id)


def offer(dataset: Dataset) -> None:
    """Draw the two ways to train: at once, or with choices."""
    choose = t("Choose how to train: how thorough, how much learns, and more.")
    if st.button(t("Train…"), icon=":material/tune:", help=choose, key="train-with-it"):
        widgets.go("train.py", dataset=dataset.id)
    if st.button(
        t("Train quick"),
        type="primary",
        icon=":material/bolt:",
        key="train-quick",
        help=t("A first model with the quick settings, in a minute or so."),
    ):
        ask(dataset.id)
        st.rerun()


def draw(ws: Workspace, dataset: Dataset) -> None:
    """Draw how far the model is that was asked for here; once it is there, a picture to try it."""
    if st.query_params.get(SHOWN) != dataset.id:
        return
    if st.session_state.get(WANTED) == dataset.id:
        del st.session_state[WANTED]
        with widgets.mendable():
            quick.begin(ws, dataset)
    if quick.newest(ws, dataset.id) is None:
        return
    run = at_once.ended(ws, dataset.id)
    if run is None:
        at_once.draw(ws, dataset.id)
        return
    if run.config.dataset_version != dataset.version:  # the images are others by now
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="first-model"):
        words.badge(run)
        told = words.told(run) if run.card else ""
        st.markdown(told, width="stretch", help=words.behind(run.score))
        if st.button(t("Open the run"), icon=":material/arrow_forward:", key="open-run"):
            widgets.go("runs.py", run=run.id)
    unseen.draw(ws, run, at_once=True)
