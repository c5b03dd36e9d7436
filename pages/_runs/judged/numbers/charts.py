"""Truth against answer, and how far off answers are over the range: points open their pictures."""

import plotly.graph_objects as go
import streamlit as st

from core.judging.numbers import scoring, written
from core.records import Run
from pages._runs.judged.numbers import enlarged
from pages._runs.judged.numbers.answers import ReadNumbers
from pages._shared.charts import style
from pages._shared.widgets import t

SIDE = 420  # pixels
LEANS = 0.1  # of a step in the truth that the answer falls short by, to be told of
_BARE = {"displaylogo": False, "displayModeBar": False}


def draw_truth(run: Run, read: ReadNumbers) -> None:
    """Draw each image as a point: across what it is, up what was read off it."""
    found, target = read.found, read.target
    st.markdown(f"**{t('Truth and answer')}**")
    low = float(min(found.true.min(), found.said.min()))
    high = float(max(found.true.max(), found.said.max()))
    figure = go.Figure()
    figure.add_scatter(x=[low, high], y=[low, high], mode="lines", name=t("exact"),
                       line={"dash": "dot", "width": 1}, hoverinfo="skip")  # fmt: skip
    if target.half_range is not None:
        _band(figure, low, high, target.half_range)
    _points(figure, read, found.said.tolist())
    style(figure)
    figure.update_layout(height=SIDE, hovermode="closest")
    figure.update_xaxes(title=t("True: {name}", name=written.titled(target)))
    figure.update_yaxes(
        title=t("What it answers ({unit})", unit=target.unit)
        if target.unit
        else t("What it answers")
    )
    _draw(figure, run, read, "truth", t("Truth and answer of each validation image"))


def draw_residuals(run: Run, read: ReadNumbers) -> None:
    """Draw how far off each answer is: a slope says that small and large ones are drawn inward."""
    found, target = read.found, read.target
    st.markdown(f"**{t('How far off, over the range')}**")
    figure = go.Figure()
    figure.add_hline(y=0, line_dash="dot", line_width=1)
    _points(figure, read, found.errors.tolist())
    style(figure)
    figure.update_layout(height=SIDE, hovermode="closest", showlegend=False)
    figure.update_xaxes(title=t("True: {name}", name=written.titled(target)))
    figure.update_yaxes(
        title=t("Answer minus truth ({unit})", unit=target.unit)
        if target.unit
        else t("Answer minus truth")
    )
    _draw(figure, run, read, "residuals", t("How far off each validation image is"))
    st.caption(_slope(read))


def _slope(read: ReadNumbers) -> str:
    """Say whether extreme numbers are read too near the mean."""
    found = scoring.leaning(read.found.true, read.found.said, read.found.groups)
    if found is None:
        return ""
    slope, low, high = found
    if slope < -LEANS and high < 0:
        return t("Small numbers are read too large and large ones too small: where it is unsure, "
                 "it leans to the mean.")  # fmt: skip
    if -LEANS < low <= high < LEANS:
        return t("Small and large numbers are read about alike.")
    return t("These images cannot show whether small and large numbers are read alike.")


def _band(figure: go.Figure, low: float, high: float, half: float) -> None:
    for sign, fill in ((1, None), (-1, "tonexty")):
        figure.add_scatter(
            x=[low, high],
            y=[low + sign * half, high + sign * half],
            mode="lines",
            line={"width": 0},
            fill=fill,
            fillcolor="rgba(128,128,128,0.15)",
            name=t("range of nine in ten"),
            showlegend=sign < 0,
            hoverinfo="skip",
        )


def _points(figure: go.Figure, read: ReadNumbers, up: list[float]) -> None:
    found = read.found
    told = [read.told(row) for row in range(len(up))]
    figure.add_scatter(
        x=found.true.tolist(),
        y=up,
        mode="markers",
        name=t("validation images"),
        marker={"size": 8, "opacity": 0.7},
        text=told,
        customdata=list(found.contents),
        hovertemplate="%{text}<extra></extra>",
    )


def _draw(figure: go.Figure, run: Run, read: ReadNumbers, kind: str, alt: str) -> None:
    event = st.plotly_chart(
        figure,
        key=f"{kind}-{run.id}",
        alt=alt,
        config=_BARE,
        on_select="rerun",
        selection_mode="points",
    )
    picked = [p["customdata"] for p in event["selection"]["points"] if "customdata" in p]
    content = picked[0][0] if picked and isinstance(picked[0], list) else next(iter(picked), None)
    if content != st.session_state.get(f"picked-{kind}"):
        st.session_state[f"picked-{kind}"] = content
        if content in read.images:
            enlarged.show(content)
