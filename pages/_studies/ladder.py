"""The rungs of a ladder: a chart of accuracy against cost, and a table that opens them."""

import plotly.graph_objects as go
import streamlit as st

from core.insights import score_texts
from core.records.studies import StudyResult, StudyRow
from core.studies import texts
from core.words import mark
from core.workspace import Workspace
from pages._shared import charts, widgets
from pages._shared.widgets import t
from pages._studies import rows

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
    rows.draw(ws, found, ("blocks", "trainable"))


def _figure(judged: list[StudyRow], across: str, chosen: str) -> go.Figure:
    figure = go.Figure()
    places = [_place(row, across) for row in judged]
    scores = [row.accuracy for row in judged if row.accuracy]
    labels = [t(texts.arm(row)) for row in judged]
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
            "size": [16 if row.name == chosen else 10 for row in judged],
            "symbol": ["star" if row.name == chosen else "circle" for row in judged],
        },
        text=labels,
        textposition=[f"{_SIDES[i % 2]} {_across(x, places)}" for i, x in enumerate(places)],
        customdata=[t(score_texts.short(score)) for score in scores],
        hovertemplate="%{text}: %{customdata}<extra></extra>",
    )
    charts.style(figure)
    named = t("Numbers that learn") if across == TRAINABLE else t("Minutes for each fold")
    figure.update_layout(height=HEIGHT, hovermode="closest", showlegend=False)
    axis = {"type": "log", "dtick": "D2"} if across == TRAINABLE else {"type": "linear"}
    figure.update_xaxes(title=named, **axis)
    figure.update_yaxes(title=t("Accuracy"), tickformat=".0%")
    return figure


def _place(row: StudyRow, across: str) -> float:
    return float(row.trainable) if across == TRAINABLE else row.seconds / 60 / max(1, row.folds)


def _across(place: float, places: list[float]) -> str:
    """Say to which side a label goes, so that none leaves the chart: away from its edges."""
    if place == max(places) or place > 0.5 * max(places):
        return "left"
    return "right" if place == min(places) else "center"
