"""How far the confidence of a model can be believed, and what comes of answering only when sure."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.insights.evaluation import Judged
from core.judging.evaluation import calibration
from core.judging.evaluation.calibration import ReliabilityBin
from core.models import solving
from core.records import Run
from core.run_results import thresholds
from core.run_results.predictions import PartPredictions
from core.words import join
from core.workspace import Workspace
from pages._glossary.drawer import explained
from pages._runs.judged import answering
from pages._shared import run_words as words
from pages._shared.charts import style
from pages._shared.widgets import language, nt, t


def draw(ws: Workspace, run: Run, found: PartPredictions, judged: Judged) -> None:
    """Draw confidence against accuracy, and the slider."""
    confidence = found.probabilities.max(axis=1)
    left, right = st.columns(2, gap="medium")
    with left:
        bins = calibration.reliability(confidence, found.right, found.groups)
        _reliability(bins if len(bins) > 1 else (), len(confidence))
    with right:
        known = thresholds.of_folder(ws, ws.run(run.id), run.config)
        answering.draw_threshold(found, known or thresholds.of_answers(found))
    if note := solving.note_on_confidence(run.config):
        st.caption(f":material/info: {t(note)}")
    _temperature(found)


def _reliability(bins: tuple[ReliabilityBin, ...], images: int) -> None:
    st.markdown(f"**{t('Is it as sure as it should be?')}**")
    if not bins:
        st.caption(
            nt(
                "{num} validation image is too few to tell: from 40 on there is a chart here.",
                "{num} validation images are too few to tell: from 40 on there is a chart here.",
                num=images,
            )
        )
        return
    st.plotly_chart(
        _figure(bins),
        key="reliability",
        config={"displaylogo": False, "displayModeBar": False},
        alt="; ".join(
            t(
                "{num} images at a confidence of {confidence}: {share} right ({range})",
                num=one.images,
                confidence=words.percent(one.confidence),
                share=words.percent(one.right.value),
                range=words.span(one.right.low, one.right.high),
            )
            for one in bins
        ),
    )
    off = sum(not one.right.low <= one.confidence <= one.right.high for one in bins)
    st.caption(_how_far_off(off, len(bins)))


def _how_far_off(off: int, num: int) -> str:
    """Say how many points lie off the line; of twenty good ones, one does by chance."""
    if off <= max(1, num // 5):
        return t(
            "Each point is a share of the images, those of which it was least sure on the left. "
            "Where the bars reach the line it is as often right as it says."
        )
    return t(
        "{off} of {num} points lie off the line by more than chance explains: its confidence is "
        "not how often it is right.",
        off=off,
        num=num,
    )


def _figure(bins: tuple[ReliabilityBin, ...]) -> go.Figure:
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"dash": "dot", "width": 1},
        name=t("as sure as right"), hoverinfo="skip",
    )  # fmt: skip
    values = np.array([[b.confidence, b.right.value, b.right.low, b.right.high] for b in bins])
    figure.add_scatter(
        x=values[:, 0],
        y=values[:, 1],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": values[:, 3] - values[:, 1],
            "arrayminus": values[:, 1] - values[:, 2],
        },
        mode="markers",
        marker={"size": 9},
        name=t("validation images"),
    )
    style(figure)
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title=t("How sure it says it is"), tickformat=".0%", range=[0, 1.02])
    figure.update_yaxes(title=t("How often it is right"), tickformat=".0%", range=[0, 1.02])
    return figure


def _temperature(found: PartPredictions) -> None:
    temperature = found.temperature
    if temperature == 1.0:
        return
    if not calibration.is_needed(found.logits, found.labels, temperature, found.groups):
        said = t(
            "The validation images adjust its confidence a little, in the saved model; they are "
            "too few, or too well answered, to show that this was needed. No answer changes by it."
        )
        explained(said, key="what-temperature-is")
        return
    said = (
        t("By itself the model was too sure of its answers.")
        if temperature > 1
        else t("By itself the model was not sure enough of its answers.")
    )
    made_up_for = t(
        "The validation images showed it, and the saved model makes up for it (its temperature), "
        "so Predict and every export give the same confidence. No answer changes by that."
    )
    explained(join((said, made_up_for), language()), key="what-temperature-is")
