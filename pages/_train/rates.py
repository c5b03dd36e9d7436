"""The learning-rate finder: a short trial with ever larger steps, its curve and a suggestion."""

from math import log10
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.records import LearningRateCurve
from core.workspace import Workspace
from pages._shared.charts import style
from pages._shared.engine import engine
from pages._shared.widgets import mendable, t
from pages._train.dial import Dial

IGNORED = {"learning_rate": 1e-3}  # a curve holds for any rate to start from


def draw(ws: Workspace, dial: Dial, chosen: dict[str, Any], key: str) -> None:
    """Draw the button, and the curve if there is one for these choices."""
    if st.button(
        t("Find a learning rate"),
        icon=":material/troubleshoot:",
        help=t("Tries ever larger steps for a few seconds and looks at which the loss falls best."),
        key="find-rate",
    ):
        with mendable(), st.spinner(t("Trying learning rates…"), show_time=True):
            config = dial.config(**chosen)
            curve = engine(ws.root).find_learning_rate(config)
            st.session_state["rates"] = (_held_for(dial, chosen), curve)
    found = st.session_state.get("rates")
    if found is not None and found[0] == _held_for(dial, chosen):
        _curve(found[1], key)


def _held_for(dial: Dial, chosen: dict[str, Any]) -> tuple[object, ...]:
    """Name what a curve holds for: these images and choices, whatever the rate to start from."""
    return dial.dataset_id, dial.version, dial.left_out, chosen | IGNORED


def _curve(curve: LearningRateCurve, key: str) -> None:
    suggestion = f"{curve.suggestion:.2g}"
    figure = go.Figure()
    figure.add_scatter(x=curve.learning_rates, y=curve.losses, mode="lines")
    nearest = min(
        zip(curve.learning_rates, curve.losses, strict=True),
        key=lambda point: abs(log10(point[0]) - log10(curve.suggestion)),
    )
    figure.add_scatter(
        x=nearest[:1],
        y=nearest[1:],
        mode="markers+text",
        text=t("suggestion {rate}", rate=suggestion),
        textposition="top right",
        marker={"symbol": "star", "size": 14},
    )
    style(figure)
    figure.update_layout(showlegend=False)
    figure.update_xaxes(type="log", exponentformat="power", title=t("Learning rate"))
    figure.update_yaxes(title=t("Loss"))
    alt = t("Loss against the learning rate; the suggestion is {rate}", rate=suggestion)
    st.plotly_chart(figure, config={"displayModeBar": False}, key="rates-curve", alt=alt)
    st.button(
        t("Use {rate}", rate=suggestion),
        icon=":material/check:",
        on_click=_use,
        args=(key, float(suggestion)),
        key="use-rate",
    )


def _use(key: str, rate: float) -> None:
    st.session_state[key] = rate
