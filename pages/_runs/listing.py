"""All runs in tables, one for each data set; one selected is told of, more are compared."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from core import runs
from core.records import RunSummary
from core.runs.sharing import waits
from core.words import mark
from core.workspace import Workspace
from pages._runs import names, rows, selected
from pages._shared import run_words as words, widgets
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import md, mendable, nt, t

EVERY = timedelta(seconds=2)
PER_PAGE = 6  # data sets
ALL, STARRED = "all", "starred"
CHOICES = {ALL: mark("All"), STARRED: mark("Starred")}


def draw(ws: Workspace) -> None:
    """Draw the tables, or invite to the first training."""
    known = runs.all_summaries(ws)
    if not known:
        st.caption(t("A run is one training, from the first image to a model that you can try."))
        widgets.empty_state(
            t("There are no runs yet."),
            t("Train a model: choose images, press Start, and watch it learn here."),
            page="train.py",
            label=t("Train a model"),
        )
        return
    st.caption(
        t("Select a run to open it, name it or give it a star; select several to compare them.")
    )
    kept = _choose_state(known)
    active = {run.id for run in known if run.state.state in words.ACTIVE}
    fragment_every(EVERY if active else None)(_draw_tables)(ws, kept, active)


def _choose_state(known: Sequence[RunSummary]) -> str:
    """Let one kind of runs be chosen of those that there are."""
    counts = {ALL: len(known), STARRED: sum(run.is_starred for run in known)}
    for state in runs.STATE_WORDS:
        counts[state.value] = sum(run.state.state is state for run in known)
    names = {state.value: word for state, word in runs.STATE_WORDS.items()} | CHOICES
    there = [name for name, count in counts.items() if count]
    if len(there) < 3:  # all are of one kind
        return ALL
    return widgets.choose(
        st.pills,
        t("Which runs"),
        there,
        key="state",
        default=ALL,
        required=True,
        format_func=lambda name: f"{t(names[name])} {counts[name]}",
        label_visibility="collapsed",
    )


@mendable()  # it runs alone, outside the page's own
def _draw_tables(ws: Workspace, kept: str, active: set[str]) -> None:
    """Draw the tables as they are now; once a run begins or ends, the page says something else."""
    known = runs.all_summaries(ws)
    if {run.id for run in known if run.state.state in words.ACTIVE} != active:
        st.rerun()
    for run in known:
        if run.done is not None:
            names.draw_progress(ws, run, run.done)
    if line := waits.told_of_first(ws, active):
        st.caption(f":material/schedule: {t(line)}")
    groups: dict[str, list[RunSummary]] = {}
    for run in known:
        if kept in (ALL, run.state.state.value) or (kept == STARRED and run.is_starred):
            groups.setdefault(run.config.dataset_id, []).append(run)
    place = st.container()
    num_pages = -(-len(groups) // PER_PAGE)
    page = st.pagination(num_pages, key="runs_page") if num_pages > 1 else 1
    with place:
        for dataset_id in list(groups)[(page - 1) * PER_PAGE : page * PER_PAGE]:
            _draw_dataset(ws, dataset_id, groups[dataset_id])


def _draw_dataset(ws: Workspace, dataset_id: str, shown: Sequence[RunSummary]) -> None:
    with st.container(key=f"runs-of-{dataset_id}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.subheader(md(words.dataset_name(ws, shown[0])), width="content")
            st.caption(nt("{num} run", "{num} runs", num=len(shown)), width="content")
        chosen = rows.draw(ws, shown, key=f"rows-{dataset_id}", without=["dataset"])
        selected.draw(ws, chosen)
