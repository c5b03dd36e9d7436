"""The arms of a study in a table that opens them: how well each does, and what it costs."""

import streamlit as st

from core.records import State
from core.records.studies import StudyResult, StudyRow
from core.studies import texts
from core.workspace import Workspace
from pages._shared import charts, run_words as words
from pages._shared.widgets import t
from pages._studies import rung


def draw(ws: Workspace, found: StudyResult) -> None:
    """Draw a row for each arm, and what can be done with the one that is selected."""
    column = st.column_config
    event = st.dataframe(
        [_row(row, found) for row in found.rows],
        hide_index=True,
        height="content",
        key="arms-table",
        on_select="rerun",
        selection_mode="single-row",
        placeholder="–",
        alt=t("A table of what is compared: how well each does, what it costs"),
        column_config={
            "name": column.TextColumn(t("Compared"), width=170, pinned=True),
            "accuracy": column.ProgressColumn(
                t("Accuracy"), format="%d%%", min_value=0, max_value=100, width=84
            ),
            "range": column.TextColumn(t("Likely range"), width=92),
            "milliseconds": column.NumberColumn(t("ms an image"), format="%.2f", width=98),
            "parameters": column.NumberColumn(t("Parameters"), format="localized", width=110),
            "time": column.TextColumn(t("Time"), width=88),
            "state": column.TextColumn(t("State"), width=98),
        },
    )
    if chosen := event["selection"]["rows"]:
        rung.draw(ws, found, found.rows[chosen[0]])


def _row(row: StudyRow, found: StudyResult) -> dict[str, object]:
    is_chosen = found.advice is not None and row.name == found.advice.choice
    score = row.accuracy
    return {
        "name": ("★ " if is_chosen else "") + t(texts.arm(row)),
        "accuracy": round(100 * charts.whole(score.accuracy)) if score else None,
        "range": words.interval(score) if score else None,
        "milliseconds": row.milliseconds or None,
        "parameters": row.parameters or None,
        "time": words.exact_duration(row.seconds) if row.seconds else None,
        "state": _state(row),
    }


def _state(row: StudyRow) -> str:
    if row.state is not State.QUEUED or not row.folds:
        return t(rung.STATES[row.state])
    return t("{num} of {all} folds", num=row.folds, all=len(row.run_ids))
