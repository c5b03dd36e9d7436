"""A run's curves, alone or with a second run over them, and a table of what differs."""

import streamlit as st

from core import datasets, intervals, runs
from core.records import Run
from core.workspace import Workspace
from pages import _charts, _charts_ended
from pages import _runs_words as words
from pages._runs_settings import settings
from pages._shared import choose, t


def has_dataset(ws: Workspace, run: Run) -> bool:
    """Tell whether what a run learned from is still there."""
    return run.config.dataset_id in datasets.ids(ws)


def draw(ws: Workspace, run: Run) -> None:
    """Draw the curves, with the run to compare with chosen beside them."""
    curves = st.container()
    other = _choose(ws, run)
    with curves:
        if other is None:
            _charts_ended.draw([(t("this run"), run)], _charts.majority(ws, run))
        else:
            pair = [("A", run), ("B", other)]
            _charts_ended.draw(pair, None)
            st.caption(t("A is this run, B is the other one."))
            _doubt(run, other)
            st.table(_differences(ws, run, other), border="horizontal")


def _doubt(run: Run, other: Run) -> None:
    """Say so where the scores differ by no more than chance explains."""
    if run.card is None or other.card is None:
        return
    first, second = run.card.validation, other.card.validation
    ranges = (first.low, first.high), (second.low, second.high)
    if first.accuracy != second.accuracy and intervals.overlap(*ranges):
        st.caption(
            ":material/info: "
            + t("The ranges of the two scores overlap, so the difference may be chance.")
        )


def _choose(ws: Workspace, run: Run) -> Run | None:
    others = {other.id: other for other in runs.all_runs(ws) if other.id != run.id and other.epochs}
    if not others:
        return None
    chosen = choose(
        st.selectbox,
        t("Compare with"),
        ["", *others],
        default="",
        format_func=lambda name: label(ws, others[name]) if name else t("no other run"),
        key="with",
    )
    return others.get(chosen)


def label(ws: Workspace, run: Run) -> str:
    """Name a run in a list."""
    parts = [words.dataset_name(ws, run), run.config.backbone, words.when(run.state.changed_at)]
    if run.card is not None:
        score = run.card.validation
        parts.insert(2, f"{words.percent(score.accuracy)} ({words.interval(score)})")
    return " · ".join(parts)


def _differences(ws: Workspace, run: Run, other: Run) -> dict[str, list[str]]:
    """Give the scores, always, and the other rows in which two runs differ."""
    first, second = _rows(ws, run), _rows(ws, other)
    always = t("Validation accuracy")
    kept = [name for name in first if name == always or first[name] != second[name]]
    return {
        t("What differs"): kept,
        "A": [first[name] for name in kept],
        "B": [second[name] for name in kept],
    }


def _rows(ws: Workspace, run: Run) -> dict[str, str]:
    score = run.card.validation if run.card else None
    right = words.accuracy(score) if score else "–"
    time = words.duration(run.card.seconds) if run.card else "–"
    result = {t("Validation accuracy"): right, t("Time"): time}
    return result | settings(run.config, words.dataset_name(ws, run))
