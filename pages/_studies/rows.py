"""The arms of a study in a table that opens them: how well each does, and what it costs."""

from collections.abc import Sequence

import streamlit as st

from core import runs
from core.models import catalog
from core.records import State
from core.records.studies import StudyResult, StudyRow
from core.studies import texts
from core.workspace import Workspace
from pages._shared import charts, run_words as words
from pages._shared.widgets import t
from pages._studies import rung


def draw(ws: Workspace, found: StudyResult, costs: Sequence[str]) -> None:
    """Draw a row for each arm, with these costs, and what can be done with the selected one."""
    column = st.column_config
    configured = {
        "name": column.TextColumn(t("Compared"), width=150, pinned=True),
        "accuracy": column.ProgressColumn(
            t("Accuracy"), format="%d%%", min_value=0, max_value=100, width=84
        ),
        "range": column.TextColumn(t("Likely range"), width=92),
        "blocks": column.TextColumn(t("Blocks that learn"), width=110),
        "trainable": column.NumberColumn(t("Numbers that learn"), format="localized", width=120),
        "milliseconds": column.NumberColumn(t("ms an image"), format="%.2f", width=98),
        "parameters": column.NumberColumn(t("Parameters"), format="localized", width=110),
        "time": column.TextColumn(t("Time"), width=88),
        "state": column.TextColumn(t("State"), width=98),
    }
    event = st.dataframe(
        [_row(row, found, costs) for row in found.rows],
        hide_index=True,
        height="content",
        key="arms-table",
        on_select="rerun",
        selection_mode="single-row",
        placeholder="–",
        alt=t("A table of what is compared: how well each does, what it costs"),
        column_config=configured,
    )
    if chosen := event["selection"]["rows"]:
        rung.draw(ws, found, found.rows[chosen[0]])


def _row(row: StudyRow, found: StudyResult, costs: Sequence[str]) -> dict[str, object]:
    is_chosen = found.advice is not None and row.name == found.advice.choice
    score = row.accuracy
    return {
        "name": ("★ " if is_chosen else "") + t(texts.arm(row)),
        "accuracy": round(100 * charts.whole(score.accuracy)) if score else None,
        "range": words.interval(score) if score else None,
        **{cost: _cost(row, cost) for cost in costs},
        "time": words.exact_duration(row.seconds) if row.seconds else None,
        "state": _state(row),
    }


def _cost(row: StudyRow, cost: str) -> object:
    return _blocks(row) if cost == "blocks" else getattr(row, cost) or None


def _blocks(row: StudyRow) -> str:
    if not catalog.is_known(row.config.backbone):
        return "–"  # it was brought, and deleted since
    total = len(catalog.backbone(row.config.backbone).blocks)
    frozen = catalog.backbone(row.config.backbone).blocks_up_to(row.name)
    return t("{num} of {all}", num=total - frozen, all=total)


def _state(row: StudyRow) -> str:
    """Say where an arm stands; of one that waits or was stopped midway, how far it came."""
    is_midway = row.state in (State.QUEUED, State.STOPPED) and 0 < row.folds < len(row.run_ids)
    if not is_midway:
        return t(runs.STATE_WORDS[row.state])
    return t("{num} of {all} folds", num=row.folds, all=len(row.run_ids))
