"""Would more photos help? Scores against the number of images, and the band at twice as many."""

import plotly.graph_objects as go
import streamlit as st

from core.judging import shares
from core.records.studies import CurvePoint, LearningCurve, StudyResult
from core.workspace import Workspace
from pages._shared import charts
from pages._shared.widgets import t

HEIGHT = 340


def draw(ws: Workspace, found: StudyResult) -> None:
    """Draw the points, and what twice as many may come to."""
    if found.curve is None:
        return
    st.plotly_chart(
        _figure(found.curve),
        key="curve-chart",
        config={"displaylogo": False, "displayModeBar": False},
        alt=t("Accuracy against the number of images learned from, with its likely range"),
    )


def _figure(curve: LearningCurve) -> go.Figure:
    figure = go.Figure()
    figure.add_scatter(**_points(curve.points), name=t("Seen here"), mode="lines+markers")
    if curve.expected is not None:
        figure.add_scatter(
            **_points((curve.expected,)), name=t("With twice as many"), mode="markers",
            marker={"symbol": "diamond-open", "size": 11},
        )  # fmt: skip
    charts.style(figure)
    figure.update_layout(height=HEIGHT, legend={"orientation": "h", "y": 1.12})
    figure.update_xaxes(title=t("Images learned from"), rangemode="tozero")
    figure.update_yaxes(title=t("Accuracy"), tickformat=".0%")
    return figure


def _points(points: tuple[CurvePoint, ...]) -> dict[str, object]:
    return {
        "x": [point.images for point in points],
        "y": [point.accuracy for point in points],
        "error_y": {
            "array": [point.high - point.accuracy for point in points],
            "arrayminus": [point.accuracy - point.low for point in points],
            "thickness": 1.5,
        },
        "customdata": [_told(point) for point in points],
        "hovertemplate": "%{x}: %{customdata}<extra></extra>",
    }


def _told(point: CurvePoint) -> str:
    return f"{t(shares.percent(point.accuracy))} ({t(shares.span(point.low, point.high))})"
