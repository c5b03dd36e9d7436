"""A run's curves, alone or with a second run over them, and a table of what differs."""

import streamlit as st

from core import datasets, runs
from core.insights import comparison
from core.records import Run
from core.workspace import Workspace
from pages._runs import curves, names
from pages._runs.settings import settings
from pages._runs.watching import live_curves
from pages._shared import run_words as words
from pages._shared.widgets import choose, t, unbroken


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
            draw_two(ws, run, other)


def draw_two(ws: Workspace, run: Run, other: Run) -> None:
    """Draw two runs over each other; where they were judged on different images, only the first."""
    why_not = comparison.why_not(run.config, other.config)
    if why_not is None:
        curves.draw([("A", run), ("B", other)], None)
        first, second = (r.card.validation if r.card else None for r in (run, other))
        if first is not None and second is not None:
            said = comparison.verdict(first, second)
            st.markdown(f":material/balance: {t(said)}")
    else:
        curves.draw([("A", run)], live_curves.majority(ws, run))
        st.markdown(f":material/info: {t(why_not)}")
    st.table(_differences(ws, run, other, scores=why_not is None), border="horizontal")


def _choose(ws: Workspace, run: Run) -> Run | None:
    known = (other for other in runs.all_summaries(ws) if other.id != run.id and other.curve)
    others = {other.id: other for other in known if other.config.validates}
    if not others or not run.config.validates:  # nothing to compare by
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


def _differences(ws: Workspace, run: Run, other: Run, *, scores: bool) -> dict[str, list[str]]:
    """Give the scores where they compare, and the other rows in which two runs differ."""
    first, second = _rows(ws, run), _rows(ws, other)
    score = t("Validation accuracy")
    kept = [name for name in first if first[name] != second[name] and name != score]
    kept = [score, *kept] if scores else kept
    return {
        unbroken(t("What differs")): list(map(unbroken, kept)),
        "A": [first[name] for name in kept],
        "B": [second[name] for name in kept],
    }


def _rows(ws: Workspace, run: Run) -> dict[str, str]:
    score = run.card.validation if run.card else None
    right = words.accuracy(score) if score else "–"
    time = words.exact_duration(run.card.seconds) if run.card else "–"
    result = {t("Validation accuracy"): right, t("Time"): time}
    return result | settings(run.config, words.dataset_name(ws, run))
