"""What is selected in the list of runs: one is told of and named, more are compared."""

import time
from collections.abc import Sequence

import streamlit as st

from core import runs
from core.records import RunSummary, State
from core.workspace import Workspace
from pages._runs import names
from pages._runs.comparing import several, two
from pages._shared import run_words as words, trash, widgets
from pages._shared.widgets import md, nt, t

SEPARATOR = "."  # of ids in an address


def draw(ws: Workspace, chosen: Sequence[RunSummary]) -> None:
    """Draw what can be done with the selected runs, if there are any."""
    if len(chosen) == 1:
        _draw_one(ws, chosen[0])
    elif len(chosen) == 2:
        _draw_two(ws, *chosen)
    elif chosen:
        _draw_several(ws, chosen)


def _draw_one(ws: Workspace, run: RunSummary) -> None:
    with st.container(border=True, gap="small", key=f"run-{run.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{md(names.title(ws, run))}**", width="content")
            words.badge(run)
        st.caption(" · ".join(map(md, names.facts(ws, run))))
        if run.card is not None:
            st.caption(words.told(run), help=words.behind(run.score))
        with st.container(horizontal=True):
            icon = ":material/arrow_forward:"
            if st.button(t("Open"), type="primary", icon=icon, key=f"open-{run.id}"):
                widgets.go("runs.py", run=run.id)
            names.draw_star(ws, run)
            names.draw_rename(ws, run)
            _draw_delete(ws, [run])


def _draw_delete(ws: Workspace, chosen: Sequence[RunSummary]) -> None:
    if any(run.state.state is State.RUNNING for run in chosen):
        return
    for run in chosen:
        trash.warn_of_needs(ws, run.id)
    with widgets.mendable():
        if st.button(t("Delete"), icon=":material/delete:", key=f"delete-{chosen[0].id}"):
            now = time.time()
            for run in chosen:
                runs.delete(ws, run.id, at=now)
            st.rerun()


def _draw_two(ws: Workspace, first: RunSummary, second: RunSummary) -> None:
    with st.container(border=True, gap="small", key=f"pair-{first.id}-{second.id}"):
        st.subheader(t("Compare"))
        told = {"A": names.label(ws, first), "B": names.label(ws, second)}
        st.caption("  \n".join(f"**{letter}** {md(label)}" for letter, label in told.items()))
        two.draw(ws, runs.get(ws, first.id), runs.get(ws, second.id))
        icon = ":material/arrow_forward:"
        if st.button(t("Open both under one link"), icon=icon, key=f"both-{first.id}"):
            widgets.go("runs.py", run=first.id, **{"with": second.id})


def _draw_several(ws: Workspace, chosen: Sequence[RunSummary]) -> None:
    ids = "-".join(run.id for run in chosen)
    with st.container(border=True, gap="small", key=f"several-of-{ids}"):
        st.subheader(t("Compare"))
        several.draw(ws, chosen)
        with st.container(horizontal=True):
            icon = ":material/arrow_forward:"
            if st.button(t("Open all under one link"), icon=icon, key=f"all-{ids}"):
                widgets.go("runs.py", compare=SEPARATOR.join(run.id for run in chosen))
            _draw_delete(ws, chosen)


def draw_link(ws: Workspace, told: str) -> None:
    """Draw the runs that an address names side by side, in that order; say which are gone."""
    known = {run.id: run for run in runs.all_summaries(ws)}
    wanted = list(dict.fromkeys(told.split(SEPARATOR)))
    shown = [known[run_id] for run_id in wanted if run_id in known]
    if gone := len(wanted) - len(shown):
        st.caption(
            nt("{num} run of this link is not there any more.",
               "{num} runs of this link are not there any more.", num=gone)
        )  # fmt: skip
    for run in shown if len(shown) > 2 else ():
        st.caption(md(names.label(ws, run)))
    if len(shown) == 2:
        two.draw(ws, *(runs.get(ws, run.id) for run in shown))
    elif len(shown) > 2:
        several.draw(ws, shown)
