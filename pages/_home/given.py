"""The lesson that the teacher of a class has chosen for all, on their Home pages."""

import streamlit as st

from core.classroom import hour
from core.classroom.folder import class_of
from core.lessons import reading
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.widgets import md, t


def draw(ws: Workspace) -> None:
    """Invite to it, where there is one."""
    room = class_of(ws)
    lesson = reading.lessons().get(hour.current(room).lesson) if room else None
    if lesson is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="given"):
        st.markdown(t("Your teacher asks you to do: **{lesson}**", lesson=md(t(lesson.title))))
        if st.button(t("Begin"), type="primary", icon=":material/school:", key="begin-given"):
            widgets.go("home.py", lesson=lesson.name)
