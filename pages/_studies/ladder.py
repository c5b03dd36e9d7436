"""The rungs of a ladder: a chart of accuracy against cost, and a table that opens them."""

import plotly.graph_objects as go
import streamlit as st

from core.insights import score_texts
from core.models import catalog
from core.records import State
from core.records.studies import StudyResult, StudyRow
from core.studies import texts
from core.words import mark
from core.workspace import Workspace
from pages._shared import charts, run_words as words, widgets
from pages._shared.widgets import t
from pages._studies import rung

TRAINABLE, MINUTES = "trainable", "minutes"
ACROSS = {TRAINABLE: mark("By what learns"), MINUTES: mark("By time")}
HEIGHT = 380
_SIDES = ("top", "bottom")  # of the labels in turn: rungs may lie close


def draw(ws: Workspace, found: StudyResult) -> None:
    """Draw chart and table; a rung that is selected is opened below."""
    judged = [row for row in found.rows if row.accuracy is not None]
    if judged:
        across = widgets.choose(
            st.segmented_control,
            t("Against what"),
            list(ACROSS),
            default=TRAINABLE,
            required=True,
            format_func=lambda name: t(ACROSS[name]),
            key="across",
            label_visibility="collapsed",
        )
        chosen = found.advice.choice if found.advice else ""
        st.plotly_chart(
            _figure(judged, across, chosen),
            key="ladder-chart",
            config={"displaylogo": False, "displayModeBar": False},
            alt=t("Accuracy of each rung with its likely range; the table below has the numbers"),
        )
    selected = _table(found)
    if selected is not None:
        rung.draw(ws, found, selected)


def _figure(rows: list[StudyRow], across: str, chosen: str) -> go.Figure:
    figure = go.Figure()
    places = [_place(row, across) for row in rows]
    scores = [row.accuracy for row in rows if row.accuracy]
    labels = [t(texts.arm(row)) for row in rows]
    figure.add_scatter(
        x=places,
        y=[score.accuracy for score in scores],
        error_y={
            "array": [score.high - score.accuracy for score in scores],
            "arrayminus": [score.accuracy - score.low for score in scores],
            "thickness": 1.5,
        },
        mode="lines+markers+text",
        line={"dash": "dot", "width": 1},
        marker={
            "size": [16 if row.name == chosen else 10 for row in rows],
            "symbol": ["star" if row.name == chosen else "circle" for row in rows],
        },
        text=labels,
        textposition=[f"{_SIDES[i % 2]} {_across(x, places)}" for i, x in enumerate(places)],
        customdata=[t(score_texts.short(score)) for score in scores],
        hovertemplate="%{text}: %{customdata}<extra></extra>",
    )
    charts.style(figure)
    named = t("Numbers that learn") if across == TRAINABLE else t("Minutes for each fold")
    figure.update_layout(height=HEIGHT, hovermode="closest", showlegend=False)
    figure.update_xaxes(title=named, type="log" if across == TRAINABLE else "linear")
    figure.update_yaxes(title=t("Accuracy"), tickformat=".0%")
    return figure


def _place(row: StudyRow, across: str) -> float:
    return float(row.trainable) if across == TRAINABLE else row.seconds / 60 / max(1, row.folds)


def _across(place: float, places: list[float]) -> str:
    """Say to which side a label goes, so that none leaves the chart: away from its edges."""
    if place == max(places) or place > 0.5 * max(places):
        return "left"
    return "right" if place == min(places) else "center"


def _table(found: StudyResult) -> StudyRow | None:
    """Draw a row for each rung and give the one that is selected."""
    column = st.column_config
    event = st.dataframe(
        [_row(row, found) for row in found.rows],
        hide_index=True,
        height="content",
        key="rungs-table",
        on_select="rerun",
        selection_mode="single-row",
        placeholder="–",
        alt=t("A table of the rungs: what learns, how well each does, what it costs"),
        column_config={
            "name": column.TextColumn(t("Depth"), width=150, pinned=True),
            "accuracy": column.ProgressColumn(
                t("Accuracy"), format="%d%%", min_value=0, max_value=100, width=84
            ),
            "range": column.TextColumn(t("Likely range"), width=92),
            "blocks": column.TextColumn(t("Blocks that learn"), width=110),
            "trainable": column.NumberColumn(
                t("Numbers that learn"), format="localized", width=120
            ),
            "time": column.TextColumn(t("Time"), width=88),
            "state": column.TextColumn(t("State"), width=98),
        },
    )
    rows = event["selection"]["rows"]
    return found.rows[rows[0]] if rows else None


def _row(row: StudyRow, found: StudyResult) -> dict[str, object]:
    is_chosen = found.advice is not None and row.name == found.advice.choice
    score = row.accuracy
    return {
        "name": ("★ " if is_chosen else "") + t(texts.arm(row)),
        "accuracy": round(100 * charts.whole(score.accuracy)) if score else None,
        "range": words.interval(score) if score else None,
        "blocks": _blocks(row),
        "trainable": row.trainable,
        "time": words.exact_duration(row.seconds) if row.seconds else None,
        "state": _state(row),
    }


def _blocks(row: StudyRow) -> str:
    total = len(catalog.backbone(row.config.backbone).blocks)
    frozen = catalog.backbone(row.config.backbone).blocks_up_to(row.name)
    return t("{num} of {all}", num=total - frozen, all=total)


def _state(row: StudyRow) -> str:
    if row.state is State.RUNNING or row.folds == len(row.run_ids):
        return t(rung.STATES[row.state])
    return t("{num} of {all} folds", num=row.folds, all=len(row.run_ids))
