"""The pictures of a data set of numbers, narrowed down by their number."""

import streamlit as st

from core.judging.numbers import written
from core.records import Target
from pages._shared.widgets import t


def choose_span(target: Target, *, width: int) -> tuple[float, float]:
    """Draw from where to where the numbers go that are shown."""
    low, high = target.lowest, target.highest
    if not high > low:
        return low, high
    found = st.slider(
        t(written.titled(target)),
        low,
        high,
        (low, high),
        step=(high - low) / 100,
        format=written.layout(target),
        key="span",
        width=width,
    )
    return float(found[0]), float(found[1])
