"""How near the answers are where a list or sub-folders tell the numbers of the images."""

import streamlit as st

from core.batch_predictions.truths import NumbersJudged
from core.judging.numbers import sentences as texts
from core.records import LearnedTarget
from pages._shared.widgets import nt, sentences, t


def draw(found: NumbersJudged, target: LearnedTarget) -> None:
    """Draw what the known numbers say of the answers."""
    with st.container(border=True, key="batch-numbers-judged"):
        st.markdown(f"**{t('Judged by the numbers beside them')}**")
        st.caption(
            t("The numbers stand in a list beside the images, or their folders are called by them.")
        )
        _left_out(found)
        if found.score is None:
            return
        first, *further = texts.verdict(found.score, target)
        squared = texts.squared(found.score, target)
        st.markdown(sentences(first, *filter(None, [squared]), *further))
        if found.num_ranges:
            st.caption(sentences(texts.held(found.inside, found.num_ranges)))


def _left_out(found: NumbersJudged) -> None:
    if found.num_known:
        known = nt(
            "{num} image of the model's own data set is not counted: the page of the run judges by "
            "those.",
            "{num} images of the model's own data set are not counted: the page of the run judges "
            "by those.",
            num=found.num_known,
        )
        st.caption(known)
    if found.num_other:
        other = nt(
            "{num} image has no number there and is not counted.",
            "{num} images have no number there and are not counted.",
            num=found.num_other,
        )
        st.caption(other)
