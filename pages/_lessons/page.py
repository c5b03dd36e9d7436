"""Which part of the lessons the address names."""

import streamlit as st

from core.lessons import reading
from core.workspace import Workspace
from pages._classroom import badge
from pages._lessons import attempt, guessing, teacher
from pages._shared.widgets import go, mendable, t


def draw(ws: Workspace) -> bool:
    """Draw the lesson that the address names, and tell whether it names one."""
    lesson, begun = st.query_params.get("lesson", ""), st.query_params.get("attempt", "")
    plans = st.query_params.get("lessons") and badge.may_teach()
    if not lesson and not begun and not plans:
        return False
    if st.button(t("Home"), icon=":material/arrow_back:", type="tertiary", key="leave-lesson"):
        go("home.py")
    with mendable():
        if begun:
            attempt.draw(ws, begun)
        elif lesson:
            guessing.draw(ws, reading.lesson_named(lesson))
        else:
            teacher.draw()
    return True
