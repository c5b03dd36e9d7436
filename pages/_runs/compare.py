"""A run's curves, alone or with a second run over them that is chosen here."""

import streamlit as st

from core import datasets, runs
from core.insights.comparing import comparability
from core.records import Run, RunSummary, Split
from core.workspace import Workspace
from pages._runs import curves, names
from pages._runs.comparing import two
from pages._runs.watching import live_curves
from pages._shared.widgets import choose, t


def has_dataset(ws: Workspace, run: Run) -> bool:
    """Tell whether what a run learned from is still there."""
    return run.config.dataset_id in datasets.ids(ws)


def draw(ws: Workspace, run: Run) -> None:
    """Draw the curves, with the run to compare with chosen beside them."""
    drawing = st.container()
    other = _choose(ws, run)
    with drawing:
        if other is None:
            curves.draw([(t("this run"), run)], live_curves.majority(ws, run))
        else:
            st.caption(t("A is this run, B is the other one."))
            two.draw(ws, run, other)


def _can_be_compared(ws: Workspace, run: Run, other: RunSummary) -> bool:
    """Tell whether both were judged on the same part."""
    if run.config.task != other.config.task:
        return False
    if run.config.validates and other.config.validates:
        return bool(other.curve) or (other.card is not None and other.card.numbers is not None)
    return comparability.part(ws, run, other) is Split.TEST


def _choose(ws: Workspace, run: Run) -> Run | None:
    known = (other for other in runs.all_summaries(ws) if other.id != run.id)
    others = {other.id: other for other in known if _can_be_compared(ws, run, other)}
    if not others:
        return None
    chosen = choose(
        st.selectbox,
        t("Compare with"),
        ["", *others],
        default="",
        format_func=lambda name: names.label(ws, others[name]) if name else t("no other run"),
        key="with",
    )
    return runs.get(ws, chosen) if chosen in others else None
