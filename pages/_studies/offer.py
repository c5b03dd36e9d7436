"""A study offered: what it compares, what it can show and how long it takes."""

import streamlit as st

from core import durations, studies
from core.records import TrainConfig
from core.records.studies import StudyKind
from core.records.training import NUM_FOLDS
from core.runs import executors
from core.studies import beginning, foresight, ladder, texts
from core.studies.kinds import KINDS
from core.words import mark
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import close_popover, md, mendable, t

RUNGS = (4, 5, 6)
LOOKS = {studies.FIRST_FOLDS: mark("Two folds first"), NUM_FOLDS: mark("All five at once")}


def draw_button(ws: Workspace, config: TrainConfig, *, cloned_from: str = "") -> None:
    """Draw the button that offers every kind of study, the freezing ladder first."""
    press = t("Study your images")
    if st.button(press, icon=":material/stairs:", key="offer-ladder", on_click=close_popover):
        draw_dialog(ws, config, cloned_from)


def draw_dialog(ws: Workspace, config: TrainConfig, cloned_from: str) -> None:
    """Open the dialog, with its title in the reader's language."""
    dialog(t("Study your images"), width="large")(_offer)(ws, config, cloned_from)


def _offer(ws: Workspace, config: TrainConfig, cloned_from: str) -> None:
    kind = st.pills(
        t("What to find out"),
        list(KINDS),
        default=StudyKind.LADDER,
        required=True,
        format_func=lambda one: t(KINDS[one].title),
        key="study-kind",
    )
    with mendable():
        _draw_kind(ws, StudyKind(kind or StudyKind.LADDER), config, cloned_from)


def _draw_kind(ws: Workspace, kind: StudyKind, config: TrainConfig, cloned_from: str) -> None:
    """Draw what a study of a kind would be, and its Start."""
    st.markdown(f"{md(t(KINDS[kind].sentence))} {t('The test images stay closed.')}")
    rungs = _choose_rungs() if kind is StudyKind.LADDER else None
    arms = beginning.plan(ws, kind, config, rungs=rungs)
    folds = _choose_folds() if arms[0].config.protocol == "fold" else NUM_FOLDS
    seen = foresight.look(ws, kind, arms, folds)
    if len(arms) > 1:
        st.markdown(" → ".join(f"**{md(t(texts.named(arm.name)))}**" for arm in arms))
    for warning in seen.warnings:
        st.warning(md(t(warning)), icon=":material/balance:")
    if seen.told is not None:
        st.caption(t(seen.told))
    with st.container(horizontal=True, vertical_alignment="center"):
        start = st.button(t("Start the study"), type="primary", icon=":material/play_arrow:",
                          key="start-study")  # fmt: skip
        time = t(durations.between(seen.low_seconds, seen.high_seconds))
        st.caption(f":material/schedule: **{time}**", width="content")
    if start:
        made = studies.create(ws, kind, arms, folds=folds, cloned_from=cloned_from)
        executors.submit(ws)
        widgets.go("runs.py", study=made)


def _choose_rungs() -> int:
    """Let the number of depths be chosen."""
    chosen = st.segmented_control(
        t("Depths"), RUNGS, default=ladder.USUAL_RUNGS, required=True, key="rungs"
    )
    return chosen or ladder.USUAL_RUNGS


def _choose_folds() -> int:
    """Let it be chosen how many folds judge at first."""
    chosen = st.segmented_control(
        t("Judged by"),
        list(LOOKS),
        default=studies.FIRST_FOLDS,
        required=True,
        format_func=lambda num: t(LOOKS[num]),
        key="folds",
        help=t("Your images are dealt into five folds. Each training learns from four and is "
               "judged on the fifth. Going on after a look costs certainty: a claim must then "
               "be twice as clear. All five at once take longer and pay nothing."),
    )  # fmt: skip
    return chosen or studies.FIRST_FOLDS
