"""The sample in one press: read or opened, trained on, and its finished run shown."""

import streamlit as st

from core import datasets
from core.errors import UserError
from core.ingest import requests
from core.runs import executors, quick
from core.workspace import Workspace
from pages._data.importing import ways
from pages._runs import at_once
from pages._shared import run_words as words, widgets
from pages._shared.widgets import t

WATCHED = "watched-sample"  # of this session: the sample that was seen before its run had ended


def start(ws: Workspace) -> None:
    """Have the sample read where it is not there, and a model trained; then show how far it is."""
    executors.wake(ws)  # TensorFlow takes longest, so it comes first
    known = next((d for d in datasets.all_datasets(ws) if d.name == t("Sample")), None)
    if known is not None:
        run = quick.newest(ws, known.id)
        if run is None or (run.card is None and run.state.state not in words.ACTIVE):
            quick.begin(ws, known)
    sample_id = known.id if known else ways.start_sample(ws, watched=False)
    st.session_state[WATCHED] = sample_id
    at_once.start_clock(sample_id)
    st.query_params["sample"] = sample_id
    st.rerun()


def under_way(ws: Workspace) -> bool:
    """Draw how far the sample is that the address names, and tell whether the page is about it."""
    sample_id = st.query_params.get("sample", "")
    if not sample_id:
        return False
    watched = st.session_state.get(WATCHED) == sample_id
    try:
        run = at_once.ended(ws, sample_id)
    except UserError as error:
        return _over(ws, sample_id, error if watched else None)
    if run is None:
        st.session_state[WATCHED] = sample_id
        st.title(t("Your first model"))
        at_once.draw(ws, sample_id)
        return True
    if watched:
        del st.session_state[WATCHED]
        st.session_state[at_once.FIRST] = run.id
        widgets.go("runs.py", run=run.id)
    return _over(ws, sample_id, None)


def _over(ws: Workspace, sample_id: str, error: UserError | None) -> bool:
    """Say what went wrong, and offer to begin again; of an old link nothing is said."""
    if error is None:
        widgets.rename(sample=None)
        return False
    widgets.draw_problem(error)
    if st.button(t("Start again"), type="primary", icon=":material/restart_alt:", key="again"):
        requests.discard(ws, sample_id)
        start(ws)
    return True
