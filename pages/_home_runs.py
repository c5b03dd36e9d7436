"""The latest runs, for the Home page."""

import streamlit as st

from core import datasets, runs
from core.errors import UserError
from core.records import Run
from core.workspace import Workspace
from pages import _runs_words, _shared
from pages._shared import md, nt, t

NUM_SHOWN = 4


def draw(ws: Workspace) -> None:
    """Draw the latest runs as cards, if there are any."""
    ids = runs.ids(ws)[::-1][:NUM_SHOWN]
    if not ids:
        return
    st.subheader(t("Latest runs"))
    with st.grid(4, min_column_width=180):
        for run_id in ids:
            _card(ws, runs.get(ws, run_id))


def _card(ws: Workspace, run: Run) -> None:
    icon, color = _runs_words.ICONS[run.state.state]
    with st.container(border=True, height="stretch", gap="small"):
        st.markdown(f"**{md(_dataset_name(ws, run))}**")
        st.caption(md(run.config.backbone))
        st.badge(t(runs.STATE_WORDS[run.state.state]), icon=icon, color=color)
        if run.card:
            score = run.card.validation
            st.markdown(
                t(
                    "{share} right (between {low} and {high})",
                    share=f"{score.accuracy:.0%}",
                    low=f"{score.low:.0%}",
                    high=f"{score.high:.0%}",
                )
            )
            st.caption(
                nt(
                    "on {num} validation image; always naming the most frequent class: {majority}",
                    "on {num} validation images; always naming the most frequent class: {majority}",
                    num=score.images,
                    majority=f"{score.majority:.0%}",
                )
            )
        st.space("stretch")
        if st.button(t("Look"), key=f"run-{run.id}", width="stretch"):
            _shared.go("runs.py", run=run.id)


def _dataset_name(ws: Workspace, run: Run) -> str:
    try:
        return datasets.get(ws, run.config.dataset_id).name
    except UserError:
        return run.card.dataset_name if run.card else run.config.dataset_id
