"""The lessons that there are, as cards."""

import streamlit as st

from core.lessons import reading
from pages._shared import widgets
from pages._shared.widgets import md, nt, t


def draw() -> None:
    """Draw a card for each lesson, and the way to the teacher's page."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader(t("Lessons"), width="content")
        if st.button(t("For teachers"), type="tertiary", icon=":material/school:", key="teachers"):
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
