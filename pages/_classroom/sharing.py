"""A link that shows a run to somebody outside the class; its owner makes it and takes it back."""

import streamlit as st

from core.classroom import folder, links
from core.classroom.folder import folder_in
from core.institution import settings
from core.records import Run
from core.web import access
from core.web.classroom import shared_run
from core.workspace import default_root
from pages._shared import widgets
from pages._shared.frame import visitor
from pages._shared.widgets import t


def draw_link(run: Run) -> None:
    """Draw the menu, in a class, for a run with a model."""
    if not folder.is_open() or run.card is None:
        return
    with st.popover(t("Share a link"), icon=":material/link:", key="share"), widgets.mendable():
        _menu(run)


def _menu(run: Run) -> None:
    room = folder_in(default_root())
    person = access.person_of(st.context.cookies.to_dict(), default_root())
    if person is None:
        return
    link = links.of_run(room, person, run.id)
    st.caption(_who_sees())
    if link is None:
        if st.button(t("Make a link"), icon=":material/add_link:", key="make-link"):
            links.make(room, person, run.id)
            st.rerun()
        return
    st.code(f"{visitor.address()}{shared_run.PATH}{link.token}", language=None, wrap_lines=True)
    if st.button(t("Take the link back"), icon=":material/link_off:", key="revoke-link"):
        links.revoke(room, person, run.id)
        st.rerun()


def _who_sees() -> str:
    if settings.is_on():
        return t("Whoever signs in here and has the link sees the report of this run, with some "
                 "of its pictures, and can change nothing.")  # fmt: skip
    return t("Whoever has the link sees the report of this run, with some of its pictures, without "
             "joining, and can change nothing.")  # fmt: skip
