"""What comes of answering only when a model is sure: fewer answers, more of them right."""

import numpy as np
import streamlit as st

from core.judging.evaluation import answering, calibration
from core.judging.evaluation.scores import Share
from core.records import Thresholds
from core.run_results.predictions import PartPredictions
from pages._runs.judged.table import draw_table
from pages._shared import run_words as words
from pages._shared.charts import whole
from pages._shared.frame.fragments import fragment
from pages._shared.widgets import t

GOAL = 0.95  # right, of those that are answered; where the slider begins


@fragment
def draw_threshold(found: PartPredictions, known: Thresholds) -> None:
    """Let a threshold be tried: fewer answers, more of them right."""
    st.markdown(f"**{t('Answer only when sure')}**")
    confidence, right = found.probabilities.max(axis=1), found.right
    good = known.of(GOAL).percent
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
    _draw_goals(known)
    st.caption(_how_chosen(good, len(right)))


def _counted(label: str, share: float, part: int, num: int, sure: Share | None = None) -> None:
    count = t("{part} of {num}", part=part, num=num)
    below = count if sure is None else words.span(sure.low, sure.high)
    st.metric(label, words.percent(share), border=True, height="stretch", delta=below,
              delta_color="off", delta_arrow="off")  # fmt: skip


def _draw_goals(known: Thresholds) -> None:
    """Draw from which confidence on each goal is reached, and how much is answered then."""
    found = [(one.goal, one.percent) for one in known.goals if one.percent is not None]
    rows = [
        {
            "goal": words.percent(goal),
            "confidence": words.percent(percent / 100),
            "answered": whole(known.answered[percent] / known.images),
        }
        for goal, percent in found
    ]
    if not rows:
        return
    column = st.column_config
    draw_table(
        rows,
        {
            "goal": column.TextColumn(t("Right")),
            "confidence": column.TextColumn(t("From this confidence on")),
            "answered": column.ProgressColumn(
                t("Answered"), min_value=0, max_value=1, format="percent", width="small"
            ),
        },
        alt=t("From which confidence on so many answers are right"),
        key="answer-goals",
        most_rows=len(rows),
    )


def _how_chosen(good: int | None, images: int) -> str:
    if good is None:
        return t(
            "On these images no confidence is found from which {goal} are right with {num} answers "
            "or more left to tell by.",
            goal=words.percent(GOAL),
            num=answering.LEAST,
        )
    return t(
        "The slider begins where {goal} of these images are right. It was chosen by them: in "
        "simulations with as many, {range} of new images were right then.",
        goal=words.percent(GOAL),
        range=words.span(*answering.on_new_images(images)),
    )
