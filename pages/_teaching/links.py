"""The links to runs that there are in the class; the teacher takes any of them back."""

import streamlit as st

from core import runs
from core.classroom import links, people
from core.classroom.folder import ClassFolder
from core.errors import UserError
from core.records.classroom import Person, RunLink
from core.web.classroom import shared_run
from pages._shared import run_words as words
from pages._shared.frame import visitor
from pages._shared.widgets import md, nt, t

PER_PAGE = 10


def draw() -> None:
    """Draw the links of all, ten at a time; nothing where there are none."""
    room = visitor.own_class()
    found = links.standing(room)
    if not found:
        return
    st.subheader(t("Links to runs"))
    st.caption(
        nt("{num} link shows the report of a run to whoever has it.",
           "{num} links show reports of runs to whoever has them.", num=len(found))
    )  # fmt: skip
    num_pages = -(-len(found) // PER_PAGE)
    page = st.pagination(num_pages, key="links_page") if num_pages > 1 else 1
    for link in found[(page - 1) * PER_PAGE : page * PER_PAGE]:
        _draw_link(room, link)


def _draw_link(room: ClassFolder, link: RunLink) -> None:
    person = people.find(room, link.person_id)
    owner = person.nickname if person else t("somebody who was taken out")
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"link-{link.person_id}-{link.run_id}"
    ):
        st.markdown(f"**{md(owner or t('Teacher'))}**", width="content")
        st.caption(
            f"{md(_title(room, person, link))} · {words.when(link.made_at)}", width="stretch"
        )
        with st.container(horizontal=True, width="content"):
            _actions(room, link)


def _actions(room: ClassFolder, link: RunLink) -> None:
    address = f"{visitor.address()}{shared_run.PATH}{link.token}"
    st.link_button(t("Open"), address, icon=":material/open_in_new:", key=f"open-{link.token}")
    if st.button(t("Take back"), icon=":material/link_off:", key=f"unlink-{link.token}"):
        links.take_back(room, link.token)
        st.rerun()


def _title(room: ClassFolder, person: Person | None, link: RunLink) -> str:
    """Name a run as its owner does; one that is gone by its id."""
    if person is not None:
        ws = people.workspace_of(room, person)
        try:
            run = runs.get(ws, link.run_id)
            return run.name or words.dataset_name(ws, run)
        except (OSError, UserError):
            pass
    return link.run_id
