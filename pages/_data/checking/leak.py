"""The Data page's answer to: what score would I have got with the leak?"""

import streamlit as st

from core.insights.leak import Leak
from core.records import Accuracy, Dataset
from core.workspace import Workspace
from pages._data.checking import search
from pages._shared import run_words
from pages._shared.widgets import nt, t


def draw(ws: Workspace, dataset: Dataset) -> None:
    """Draw the question, and the two scores once there are features."""
    with st.container(border=True):
        _ask()
        result = search.found(ws, dataset, label=t("Find out"))
        if result is None:
            return
        search.offer_again(ws, dataset, result)
        if result.leak is None:
            st.caption(t("There are no groups here, so there is nothing to leak."))
        else:
            _answer(result.leak)


def draw_scores(found: Leak) -> None:
    """Draw the question with its answer."""
    with st.container(border=True):
        _ask()
        _answer(found)


def _ask() -> None:
    st.markdown(f"**{t('What score would I have got with the leak?')}**")
    st.caption(
        t(
            "If images of the same thing stand on both sides of the split, a network only has "
            "to remember. The score looks better than it is."
        )
    )


def _answer(found: Leak) -> None:
    with st.grid(2, min_column_width=260):
        _score(t("Split by groups, as Thaw does"), found.honest)
        _score(t("With images of one group on both sides"), found.leaky)
    icon = ":material/warning:" if found.is_beyond_chance else ":material/check_circle:"
    st.markdown(f"{icon} {t(found.sentence)}")
    st.caption(
        t(
            "Both ways judge the same images, each by a network that did not learn from it. "
            "Counting each group once, {better} came out better with the leak and "
            "{worse} worse. The range says where the score would most likely lie with other "
            "images of the same kind.",
            better=found.better,
            worse=found.worse,
        )
    )


def _score(title: str, score: Accuracy) -> None:
    with st.container(border=True):
        st.metric(title, run_words.percent(score.accuracy), help=run_words.behind(score))
        st.caption(
            run_words.interval(score)
            + " · "
            + nt("{num} image", "{num} images", num=score.images)
            + " · "
            + t("most frequent class: {share}", share=run_words.percent(score.majority))
        )
