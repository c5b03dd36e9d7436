"""What pretraining gains: bars of both starts, of a head on frozen features, and of plain rules."""

import plotly.graph_objects as go
import streamlit as st

from core.insights import score_texts
from core.records.studies import StudyResult, StudyRow
from core.studies import texts
from core.workspace import Workspace
from pages._shared import charts
from pages._shared.widgets import t
from pages._studies import rows

HEIGHT = 320


def draw(ws: Workspace, found: StudyResult) -> None:
    """Draw bars, rules last, and the table of the arms."""
    judged = [row for row in (*found.rows, *found.baselines) if row.accuracy is not None]
    if judged:
        st.plotly_chart(
            _figure(judged, len(found.baselines)),
            key="transfer-chart",
            config={"displaylogo": False, "displayModeBar": False},
            alt=t("Accuracy of each start and of rules without a network, with its likely range"),
        )
    rows.draw(ws, found, ("trainable",))


def _figure(judged: list[StudyRow], num_rules: int) -> go.Figure:
    scores = [row.accuracy for row in judged if row.accuracy]
    num = len(judged) - num_rules
    figure = go.Figure()
    figure.add_bar(
        y=[t(texts.arm(row)) for row in judged],
        x=[score.accuracy for score in scores],
        orientation="h",
        error_x={
            "array": [score.high - score.accuracy for score in scores],
            "arrayminus": [score.accuracy - score.low for score in scores],
            "thickness": 1.5,
        },
        marker={"opacity": [1.0] * num + [0.45] * num_rules},
        customdata=[t(score_texts.short(score)) for score in scores],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
    charts.style(figure)
    figure.update_layout(height=HEIGHT, showlegend=False)
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(title=t("Accuracy"), tickformat=".0%", range=[0, 1])
    return figure
