"""Backbones compared: accuracy against the time of an image here, and a table of them."""

import statistics

import plotly.graph_objects as go
import streamlit as st

from core.insights import score_texts
from core.records.studies import StudyResult, StudyRow
from core.studies import texts
from core.workspace import Workspace
from pages._shared import charts
from pages._shared.widgets import t
from pages._studies import rows

HEIGHT = 340


def draw(ws: Workspace, found: StudyResult) -> None:
    """Draw chart and table; what is selected is opened below."""
    judged = [row for row in found.rows if row.accuracy is not None and row.milliseconds]
    if judged:
        st.plotly_chart(
            _figure(judged, found.advice.choice if found.advice else ""),
            key="bakeoff-chart",
            config={"displaylogo": False, "displayModeBar": False},
            alt=t("Accuracy of each backbone against its time for an image; the table has the "
                  "numbers"),
        )  # fmt: skip
    rows.draw(ws, found, ("milliseconds", "parameters"))


def _figure(judged: list[StudyRow], chosen: str) -> go.Figure:
    scores = [row.accuracy for row in judged if row.accuracy]
    places = [row.milliseconds for row in judged]
    figure = go.Figure()
    figure.add_scatter(
        x=places,
        y=[score.accuracy for score in scores],
        error_y={
            "array": [score.high - score.accuracy for score in scores],
            "arrayminus": [score.accuracy - score.low for score in scores],
            "thickness": 1.5,
        },
        mode="markers+text",
        marker={
            "size": [16 if row.name == chosen else 10 for row in judged],
            "symbol": ["star" if row.name == chosen else "circle" for row in judged],
        },
        text=[t(texts.arm(row)) for row in judged],
        textposition=_sides(places, [score.accuracy for score in scores]),
        cliponaxis=False,
        customdata=[t(score_texts.short(score)) for score in scores],
        hovertemplate="%{text}: %{customdata}<extra></extra>",
    )
    charts.style(figure)
    figure.update_layout(height=HEIGHT, hovermode="closest", showlegend=False)
    figure.update_xaxes(title=t("Milliseconds for an image here"), rangemode="tozero")
    figure.update_yaxes(title=t("Accuracy"), tickformat=".0%")
    return figure


def _sides(places: list[float], heights: list[float]) -> list[str]:
    """Put labels above the better half and below the others, away from the chart's edges."""
    largest, middle = max(places), statistics.median(heights)
    found = []
    for place, height in zip(places, heights, strict=True):
        across = "left" if place > 0.5 * largest else "right" if place < 0.3 * largest else "center"
        found.append(f"{'top' if height >= middle else 'bottom'} {across}")
    return found
