"""Who is looking: in a class, the name in the side bar, the code to come back, the way out."""

import streamlit as st

from core.classroom import folder
from core.institution import settings
from core.records.classroom import Person, Role
from core.runs.sharing import clusters
from core.web import access
from core.workspace import default_root
from pages._shared import widgets
from pages._shared.widgets import md, t

_OWNER = "person"  # of what this session keeps


def person() -> Person | None:
    """Give who of the class is looking; None for one person alone.

    The page ends for whoever is not in the class any more. Nobody meets what another has kept.
    """
    if not folder.is_open():
        return None
    found = access.person_of(st.context.cookies.to_dict(), default_root())
    if found is None:
        st.session_state.clear()
        widgets.draw_left()
        st.stop()
    if st.session_state.setdefault(_OWNER, found.id) != found.id:
        st.session_state.clear()
        st.session_state[_OWNER] = found.id
    return found


def may_teach() -> bool:
    """Tell whether who is looking may see what a class is to find out: not its pupils."""
    found = person()
    return found is None or found.role is Role.TEACHER


def draw(found: Person | None) -> None:
    """Draw the name, and below it what only its bearer may see."""
    if found is None:
        return
    name = t("Teacher") if found.role is Role.TEACHER else found.nickname
    with st.popover(md(name), icon=":material/person:", width="stretch"):
        if found.code:
            st.caption(t("With this code you come back, also on another device:"))
            st.code(found.code, language=None)
        leave = t("Sign out") if settings.is_on() else t("Leave")
        st.html(f'<a href="{widgets.url("/leave")}" target="_self">{md(leave)}</a>')


def draw_where_things_stay(person: Person | None, *, at_length: bool = False) -> None:
    """Say where images and models are, and who sees them."""
    told = _where_things_stay(person, at_length=at_length)
    if clusters.is_asked_for() and at_length:
        nodes = t("Each run is trained on one node of a cluster, which reads the images from the "
                  "folder that all nodes share.")  # fmt: skip
        told = f"{told} {nodes}"
    st.caption(f":material/lock: {told}")


def _where_things_stay(person: Person | None, *, at_length: bool) -> str:
    several = clusters.is_asked_for()
    if settings.is_on():
        told = t("What you bring stays on your institution's computer.")
        told = t("What you bring stays on your institution's computers.") if several else told
        more = t("Nobody else here sees your images, models and scores; teachers do.")
        return f"{told} {more}" if at_length else told
    if person is not None and person.role is Role.PUPIL:
        told = t("What you bring stays on your teacher's computer.")
        told = t("What you bring stays on your teacher's computers.") if several else told
        more = t("Nobody else in the class sees your images, models and scores; your teacher does.")
        return f"{told} {more}" if at_length else told
    if several:
        return t("Nothing leaves the machines of your cluster.")
    if at_length:
        return t(
            "Nothing leaves this machine: images, models and scores stay in a folder of yours. "
            "Thaw calls the network only to fetch pretrained weights, and only when you ask for "
            "them."
        )
    return t("Nothing leaves this machine.")
