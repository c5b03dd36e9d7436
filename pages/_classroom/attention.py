"""What a pupil's pages watch for: the teacher who calls for attention."""

import streamlit as st

from core.classroom import hour
from core.classroom.folder import class_of
from core.records.classroom import ClassHour, Person, Role
from pages._shared import widgets
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import t

EVERY = "3s"


def of(person: Person | None) -> ClassHour:
    """Give what the teacher has set going for whoever looks; nothing, for one person alone."""
    if person is None or person.role is Role.TEACHER:
        return ClassHour()
    room = class_of(widgets.workspace())
    return hour.current(room) if room else ClassHour()


def draw_sentence() -> None:
    """Draw the one sentence of a class that is to look up."""
    with st.container(height=500, border=False, vertical_alignment="center",
                      horizontal_alignment="center"):  # fmt: skip
        st.title(":material/visibility: " + t("Eyes here"), text_alignment="center")
        st.markdown(
            t("Your teacher has something to show. What trains goes on."), text_alignment="center"
        )


@fragment_every(EVERY)
def watch(drawn: ClassHour) -> None:
    """Run the page anew once the teacher has called for attention, or ended that."""
    room = class_of(widgets.workspace())
    if room and hour.current(room) != drawn:
        st.rerun()
