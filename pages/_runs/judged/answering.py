"""What comes of answering only when a model is sure: fewer answers, more of them right."""

import numpy as np
import streamlit as st

from core.judging.evaluation import calibration
from core.judging.evaluation.scores import Share
from core.run_results.predictions import PartPredictions
from pages._shared import run_words as words
from pages._shared.widgets import t

GOAL = 0.95  # right, of those that are answered
LEAST = 20  # answers to tell by


@st.fragment
def draw_threshold(found: PartPredictions) -> None:
    """Let a threshold be tried: fewer answers, more of them right."""
    st.markdown(f"**{t('Answer only when sure')}**")
    confidence, right = found.probabilities.max(axis=1), found.right
    good = calibration.threshold_for(GOAL, confidence, right, least=LEAST)
    asked = st.slider(
        t("Answer from this confidence on"), 0, 99, good or 0, format="%d%%", key="answer-from"
    )
    kept = np.flatnonzero(confidence >= asked / 100)
    if not len(kept):
        st.caption(t("It was this sure of no image: it would never answer."))
        return
    share = calibration.of_right(right[kept], [found.groups[i] for i in kept])
    with st.grid(2, min_column_width=150):
        _counted(t("Images it answers"), len(kept) / len(right), len(kept), len(right))
        num = int(right[kept].sum())
        _counted(t("Right, of these"), share.value, num, len(kept), share)
    st.caption(_how_chosen(good))


def _counted(label: str, share: float, part: int, num: int, sure: Share | None = None) -> None:
    count = t("{part} of {num}", part=part, num=num)
    below = count if sure is None else f"{count} · {words.span(sure.low, sure.high)}"
    st.metric(label, words.percent(share), border=True, height="stretch", delta=below,
              delta_color="off", delta_arrow="off")  # fmt: skip


def _how_chosen(good: int | None) -> str:
    if good is None:
        return t(
            "On these images no confidence is found from which {goal} are right with {num} answers "
            "or more left to tell by.",
            goal=words.percent(GOAL),
            num=LEAST,
        )
    return t(
        "The slider begins where {goal} of these images are right. It was chosen by them, so on "
        "new images somewhat fewer will be.",
        goal=words.percent(GOAL),
    )
