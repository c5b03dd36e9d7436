"""The looks of all charts, and bars that say what a model leans to."""

import plotly.graph_objects as go
import streamlit as st

from core.records import Prediction
from pages._shared.run_words import percent
from pages._shared.widgets import md

HEIGHT = 330  # pixels


def style(figure: go.Figure) -> None:
    """Give a figure the looks of the live one."""
    theme = f"theme.{st.context.theme.type or 'light'}"
    figure.update_shapes(line_color=st.get_option(f"{theme}.textColor"))
    figure.update_layout(
        height=HEIGHT,
        colorway=st.get_option(f"{theme}.chartCategoricalColors"),
        margin={"l": 40, "r": 8, "t": 20, "b": 36},
        legend={"orientation": "h", "y": -0.32, "yanchor": "top"},
        hovermode="x unified",
    )


def score_bars(answer: Prediction, shown: int) -> None:
    """Draw a bar for each of the classes that a model leans to most."""
    for score in answer.scores[:shown]:
        bar = f"{md(score.label)} · {percent(score.probability)}"
        st.progress(min(max(score.probability, 0.0), 1.0), text=bar)


def whole(share: float) -> float:
    """Round to whole percent, for bars: more digits mean nothing, and "all" is all."""
    return share if share == 1 else min(round(share, 2), 0.99)
