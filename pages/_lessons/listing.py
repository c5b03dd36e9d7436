"""The lessons that there are, as cards."""

import contextlib

import pandas as pd
import streamlit as st

from core.errors import UserError
from core.lessons import attempts, reading
from core.records.lessons import Attempt
from core.workspace import Workspace
from pages._classroom import badge
from pages._shared import run_words as words, widgets
from pages._shared.widgets import md, nt, t


def draw(ws: Workspace) -> None:
    """Draw a card for each lesson, the way to the teacher's page, and what was begun."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(t("Lessons"), width="content")
        if badge.may_teach() and st.button(
            t("For teachers"), type="tertiary", icon=":material/school:", key="teachers"
        ):
            widgets.go("home.py", lessons="teacher")
    st.caption(
        t("Guess first, then let two trainings show what is so. Each takes about ten minutes.")
    )
    with st.grid(3, min_column_width=230):
        for number, lesson in enumerate(reading.lessons().values(), start=1):
            with st.container(border=True, gap="small", key=f"lesson-{lesson.name}"):
                st.markdown(f"**{number} · {md(t(lesson.title))}**")
                st.caption(nt("{num} minute", "{num} minutes", num=lesson.minutes))
                label = t("Begin")
                if st.button(label, icon=":material/arrow_forward:", key=f"begin-{lesson.name}"):
                    widgets.go("home.py", lesson=lesson.name)
    _draw_begun(ws)


def _draw_begun(ws: Workspace) -> None:
    """List the lessons that were begun, newest first; a row opens one."""
    begun = attempts.all_attempts(ws)
    if not begun:
        return
    with st.expander(nt("{num} lesson begun", "{num} lessons begun", num=len(begun))):
        chosen = st.dataframe(
            pd.DataFrame([_row(ws, attempt) for attempt in begun.values()]),
            hide_index=True,
            key="lessons-begun",
            on_select="rerun",
            selection_mode="single-cell",
            alt=t("The lessons that were begun: by whom, when, and whether they are over"),
            column_config={
                "lesson": t("Lesson"),
                "pupil": t("Name"),
                "when": t("Begun"),
                "state": t("State"),
            },
        )
    if cells := chosen["selection"]["cells"]:
        widgets.go("home.py", attempt=list(begun)[cells[0][0]])


def _row(ws: Workspace, attempt: Attempt) -> dict[str, str]:
    return {
        "lesson": t(reading.lesson_named(attempt.lesson).title),
        "pupil": attempt.pupil,
        "when": words.when(attempt.created_at),
        "state": t("over") if _is_over(ws, attempt) else t("under way"),
    }


def _is_over(ws: Workspace, attempt: Attempt) -> bool:
    with contextlib.suppress(UserError):
        return attempts.is_over(ws, attempt)
    return True  # its ladder was deleted
