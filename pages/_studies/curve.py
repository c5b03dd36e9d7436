"""Would more photos help? Scores against the number of images, and the band at twice as many."""

from html import escape

import plotly.graph_objects as go
import streamlit as st

from core.judging import shares
from core.judging.evaluation import learning_curve
from core.records.studies import ClassGain, CurvePoint, LearningCurve, StudyResult
from core.studies import texts
from core.workspace import Workspace
from pages._shared import charts
from pages._shared.widgets import t

HEIGHT = 340
MOST_CLASSES = 20  # that are drawn
WIDEST = 24  # letters of a name, beside the chart


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
    _draw_gains(found.curve)


def _draw_gains(curve: LearningCurve) -> None:
    """Draw what each class gained from the middle of the curve to its end, the most first."""
    gains = sorted(curve.gains, key=lambda one: -one.gain)[:MOST_CLASSES]
    if len(gains) < 2:
        return
    first, last = curve.points[learning_curve.FROM].images, curve.points[-1].images
    title = t("What each class gained from {first} to {last} images", first=first, last=last)
    st.markdown(f"**{title}**")
    st.plotly_chart(
        _gains(gains),
        key="gains-chart",
        config={"displaylogo": False, "displayModeBar": False},
        alt=t("The gain of each class with its likely range; one surely gains most only where its "
              "range lies above all others"),
    )  # fmt: skip
    if len(gains) < len(curve.gains):
        st.caption(t("The {num} of {all} that gained most.", num=len(gains), all=len(curve.gains)))


def _gains(gains: list[ClassGain]) -> go.Figure:
    figure = go.Figure()
    figure.add_scatter(
        x=[100 * one.gain for one in gains],
        y=list(range(len(gains))),
        error_x={
            "array": [100 * (one.high - one.gain) for one in gains],
            "arrayminus": [100 * (one.gain - one.low) for one in gains],
            "thickness": 1.5,
        },
        mode="markers",
        marker={"size": 9},
        customdata=[f"{escape(one.label)}: {_range(one)}" for one in gains],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_vline(x=0, line_width=1, line_dash="dot")
    charts.style(figure)
    figure.update_layout(
        height=90 + 26 * len(gains), hovermode="closest", showlegend=False, margin={"t": 8}
    )
    names = [escape(_cut(one.label)) for one in gains]
    figure.update_yaxes(
        tickvals=list(range(len(gains))), ticktext=names, automargin=True, zeroline=False,
        range=[len(gains) - 0.5, -0.5],
    )  # fmt: skip
    figure.update_xaxes(title=t("Points"))
    return figure


def _cut(label: str) -> str:
    return label if len(label) <= WIDEST else f"{label[: WIDEST - 1]}…"


def _range(one: ClassGain) -> str:
    return t(
        "{gain} points ({low} to {high})",
        gain=texts.signed(one.gain),
        low=texts.signed(one.low),
        high=texts.signed(one.high),
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
