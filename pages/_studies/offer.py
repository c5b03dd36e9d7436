"""A freezing ladder offered: what it compares, what it can show and how long it takes."""

import streamlit as st

from core import durations, studies
from core.records import TrainConfig
from core.records.studies import StudyKind
from core.records.training import NUM_FOLDS
from core.runs import executors
from core.studies import beginning, foresight, ladder, texts
from core.words import mark
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.widgets import md, mendable, t

RUNGS = (4, 5, 6)
LOOKS = {studies.FIRST_FOLDS: mark("Two folds first"), NUM_FOLDS: mark("All five at once")}


def draw_button(ws: Workspace, config: TrainConfig, *, cloned_from: str = "") -> None:
    """Draw the button that offers to compare freezing depths."""
    if st.button(t("Compare freezing depths"), icon=":material/stairs:", key="offer-ladder"):
        draw_dialog(ws, config, cloned_from)


def draw_dialog(ws: Workspace, config: TrainConfig, cloned_from: str) -> None:
    """Open the dialog, with its title in the reader's language."""
    st.dialog(t("How deep should it thaw?"), width="large")(_offer)(ws, config, cloned_from)


def _offer(ws: Workspace, config: TrainConfig, cloned_from: str) -> None:
    with mendable():
        st.markdown(
            t("Trains the head alone, everything, and depths between, each on the same images of "
              "yours, and tells which depth is worth its time. The test images stay closed.")
        )  # fmt: skip
        rungs, folds = _choose()
        arms = beginning.plan(ws, StudyKind.LADDER, config, rungs=rungs)
        seen = foresight.look(ws, StudyKind.LADDER, arms, folds)
        st.markdown(" → ".join(f"**{md(t(texts.named(arm.name)))}**" for arm in arms))
        for warning in seen.warnings:
            st.warning(md(t(warning)), icon=":material/balance:")
        if not seen.warnings:
            st.caption(
                t("By all five folds, {num} images can show differences from {points} points on.",
                  num=seen.images, points=texts.points(seen.least))
            )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            start = st.button(t("Start the ladder"), type="primary", icon=":material/play_arrow:",
                              key="start-ladder")  # fmt: skip
            time = t(durations.between(seen.low_seconds, seen.high_seconds))
            st.caption(f":material/schedule: **{time}**", width="content")
        if start:
            made = studies.create(ws, StudyKind.LADDER, arms, folds=folds, cloned_from=cloned_from)
            executors.EXECUTORS["local"].submit(ws)
            widgets.go("runs.py", study=made)


def _choose() -> tuple[int, int]:
    """Let the number of depths and of folds be chosen."""
    with st.container(horizontal=True):
        rungs = st.segmented_control(
            t("Depths"), RUNGS, default=ladder.USUAL_RUNGS, required=True, key="rungs"
        )
        folds = st.segmented_control(
            t("Judged by"),
            list(LOOKS),
            default=studies.FIRST_FOLDS,
            required=True,
            format_func=lambda num: t(LOOKS[num]),
            key="folds",
            help=t("Your images are dealt into five folds. Each depth learns from four and is "
                   "judged on the fifth. Going on after a look costs certainty: a claim must then "
                   "be twice as clear. All five at once take longer and pay nothing."),
        )  # fmt: skip
    return rungs or ladder.USUAL_RUNGS, folds or studies.FIRST_FOLDS
