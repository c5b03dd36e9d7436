"""The looks of all charts."""

import plotly.graph_objects as go
import streamlit as st

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
