"""The end of a lesson: take all work along, then wipe the slate."""

import streamlit as st

from core.classroom import people
from core.teaching import ending
from pages._shared import widgets
from pages._shared.frame import visitor
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import nt, t


def draw() -> None:
    """Draw the download, and the way to the wiping."""
    visitor.own_class()
    st.link_button(
        t("Download all work (ZIP)"),
        widgets.url("/api/class/work.zip"),
        icon=":material/download:",
        key="class-zip",
    )
    st.caption(t("A folder for each pupil, with runs, models, data sets and lessons, and a table "
                 "of all results."))  # fmt: skip
    if st.button(
        t("Wipe the class…"), icon=":material/delete_forever:", key="wipe", on_click=_close
    ):
        dialog(t("Wipe the class?"), icon=":material/delete_forever:")(_ask)()


def _close() -> None:
    """Close the menu, which would lie over the question."""
    st.session_state["end"] = False


def _ask() -> None:
    room = visitor.own_class()
    num = len(people.everybody(room))
    st.markdown(
        nt("{num} person is taken out, with all work, for good: nothing of it goes into the trash.",
           "{num} people are taken out, with all work, for good: nothing of it goes into the "
           "trash.", num=num)
    )  # fmt: skip
    st.caption(t("Your own data sets and runs stay. The class gets a new join code."))
    code = people.settings(room).join_code
    with st.form("wiping", border=False), widgets.mendable():
        typed = st.text_input(t("Type the join code {code} to go on", code=code), key="wipe-code")
        if st.form_submit_button(t("Wipe"), icon=":material/delete_forever:", key="really-wipe"):
            ending.wipe(room, typed)
            st.rerun()
