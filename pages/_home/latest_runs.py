"""The latest runs, for the Home page."""

import streamlit as st

from core import runs
from core.records import Run
from core.runs import executors
from core.workspace import Workspace
from pages._runs import names
from pages._shared import run_words as words, widgets
from pages._shared.widgets import md, t

NUM_SHOWN = 4


def draw(ws: Workspace) -> None:
    """Draw the latest runs as cards, if there are any."""
    executors.revive(ws)
    ids = runs.ids(ws)[::-1][:NUM_SHOWN]
    if not ids:
        return
    st.subheader(t("Latest runs"))
    with st.grid(4, min_column_width=180):
        for run_id in ids:
            _card(ws, runs.get(ws, run_id))


def _card(ws: Workspace, run: Run) -> None:
    with st.container(border=True, height="stretch", gap="small"):
        st.markdown(f"**{md(names.title(ws, run))}**")
        st.caption(" · ".join(map(md, names.facts(ws, run))))
        words.badge(run)
        if run.card:
            st.markdown(words.accuracy(run.card.validation))
        st.space("stretch")
        if st.button(t("Look"), key=f"run-{run.id}", width="stretch"):
            widgets.go("runs.py", run=run.id)
