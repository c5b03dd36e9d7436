"""The test part of a run's data set: closed until somebody opens it, and every look is counted."""

import streamlit as st

from core import datasets, runs
from core.insights.comparing import baselines
from core.records import Run, TestScore
from core.workspace import Workspace
from pages._runs import compare
from pages._runs.judged.numbers import figures
from pages._shared import run_words as words, widgets
from pages._shared.engine import engine
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import nt, sentences, t


def draw(ws: Workspace, run: Run) -> None:
    """Show the test score of a run, or offer to open the test part."""
    score = runs.test_score(ws, run.id)
    if score is None and not compare.has_dataset(ws, run):
        return
    with st.container(border=True, key="test-part"):
        st.subheader(t("Images kept apart for the end"))
        num = datasets.num_openings(ws, run.config.dataset_id)
        if score is None:
            _invite(ws, run, opened=num > 0)
        elif score.numbers is not None:
            figures.draw(run, score)
        else:
            _result(score)
            if said := sentences(*baselines.beside_test(ws, run)):
                st.markdown(said)
        if num:
            st.caption(
                nt(
                    "The test part of this data set was opened {num} time so far.",
                    "The test part of this data set was opened {num} times so far.",
                    num=num,
                )
            )


def _invite(ws: Workspace, run: Run, *, opened: bool) -> None:
    st.write(_used_before() if opened else _never_used())
    if st.button(t("Open the test part"), icon=":material/lock_open:", key="open-test"):
        _confirm(ws, run)


def _never_used() -> str:
    return t(
        "No run has learned from these images, and none was chosen by them. Open them once, for "
        "the model you want to keep: every further look makes the score less honest."
    )


def _used_before() -> str:
    """Do not say that no run was chosen by them: who saw a score may have chosen by it."""
    return t(
        "No run has learned from these images, but a score on them was seen already. If you "
        "choose a model by such scores, the score of the one you choose looks better than it is."
    )


def _confirm(ws: Workspace, run: Run) -> None:
    @dialog(t("Open the test part for this run?"), icon=":material/lock_open:")
    def confirm() -> None:
        st.write(t("It is written down that the test part was opened; that cannot be undone."))
        with widgets.mendable():
            if st.button(t("Open it"), type="primary", key="open-test-really"):
                with st.spinner(t("Judging the model…")):
                    engine(ws.root).test(run.id)
                st.rerun()

    confirm()


def _result(score: TestScore) -> None:
    assert score.test is not None
    with st.grid(4, min_column_width=160):
        st.metric(
            t("Test accuracy"),
            words.percent(score.test.accuracy),
            border=True,
            height="stretch",
            delta=words.interval(score.test),
            delta_color="off",
            delta_arrow="off",
            help=words.behind(score.test),
        )
        st.metric(t("Test images"), f"{score.test.images}", border=True, height="stretch")
        st.metric(
            t("Always naming the largest class"),
            words.percent(score.test.majority),
            border=True,
            height="stretch",
        )
    if score.openings > 1:
        st.caption(
            t("When this score was taken, the test part had been opened {num} times.",
              num=score.openings)
        )  # fmt: skip
