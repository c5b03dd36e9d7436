"""What the teacher does with the whole class: show the way in, call for attention, hand out."""

import streamlit as st

from core import datasets
from core.classroom import hour, people
from core.classroom.folder import ClassFolder
from core.institution import settings
from core.lessons import reading
from core.web import greeting
from pages._shared import widgets
from pages._shared.frame import visitor
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import nt, t
from pages._teaching import end, limits

NO_LESSON = ""
LARGE = 440  # pixels of a QR code that is read from the last row


def draw() -> None:
    """Draw the buttons for the whole class."""
    room = visitor.own_class()
    now = hour.current(room)
    with st.container(horizontal=True, key="class-actions"):
        _eyes_here(room, now.is_paused)
        with st.popover(t("Way in"), icon=":material/qr_code_2:", key="way-in", on_change="rerun"):
            _way_in(room)
        with st.popover(t("Hand out"), icon=":material/ios_share:", key="hand-out"):
            _hand_out(room)
            _give_lesson(room, now.lesson)
        with st.popover(t("Limits"), icon=":material/data_usage:", key="limits", on_change="rerun"):
            limits.draw()
        with st.popover(t("End the lesson"), icon=":material/flag:", key="end", on_change="rerun"):
            end.draw()
    if now.is_paused:
        st.info(
            t("Pupils see one sentence until you let them go on. What trains goes on."),
            title=t("Eyes here"),
            icon=":material/visibility:",
        )


def _eyes_here(room: ClassFolder, is_paused: bool) -> None:
    label = t("Let them go on") if is_paused else t("Eyes here")
    icon = ":material/play_arrow:" if is_paused else ":material/visibility:"
    if st.button(label, icon=icon, type="primary" if is_paused else "secondary", key="eyes-here"):
        hour.pause(room, on=not is_paused)
        st.rerun()


def _way_in(room: ClassFolder) -> None:
    is_signed_in = settings.is_on()
    code = "" if is_signed_in else people.settings(room).join_code
    link = greeting.join_link(visitor.address(), code) if code else visitor.opened()
    if is_signed_in:
        st.caption(t("People open this address and sign in:"))
    else:
        st.caption(t("Pupils join with this code and a nickname:"))
    st.code(code or link, language=None, wrap_lines=is_signed_in)
    if st.button(
        t("Show it large"), icon=":material/fullscreen:", key="show-large", on_click=_close
    ):
        dialog(t("Join the class"), width="large")(_large)(link, code)


def _close() -> None:
    """Close the menu, which would lie over the picture."""
    st.session_state["way-in"] = False


def _large(link: str, code: str) -> None:
    visitor.own_class()
    st.image(greeting.qr_picture(link), width=LARGE, alt=t("A QR code with the address to join"))
    if code:  # of letters and digits alone
        st.html(f'<p style="font:600 4rem/1.2 ui-monospace,monospace;margin:0">{code}</p>')
    st.code(link, language=None, wrap_lines=True)


def _hand_out(room: ClassFolder) -> None:
    known = {dataset.id: dataset for dataset in datasets.all_datasets(room.teacher)}
    if not known:
        st.caption(t("Bring images on the Data page first: then you can hand them out."))
        return
    chosen = st.selectbox(
        t("Data set"),
        list(known),
        format_func=lambda name: widgets.dataset_label(known[name]),
        key="handed",
    )
    if st.button(t("Hand it out to all"), icon=":material/ios_share:", key="do-hand-out"):
        with widgets.mendable():
            num = hour.hand_to_all(room, chosen)
            done = nt("{num} person has it now who had it not.",
                      "{num} people have it now who had it not.", num=num)  # fmt: skip
            st.success(done, icon=":material/check:")
    st.caption(
        t("Your images stay as they are whatever pupils do, and lie on the disk once. Who joins "
          "later has them too.")
    )  # fmt: skip


def _give_lesson(room: ClassFolder, now: str) -> None:
    lessons = reading.lessons()
    names = [NO_LESSON, *lessons]
    chosen = st.selectbox(
        t("Lesson on every Home page"),
        names,
        index=names.index(now) if now in names else 0,
        format_func=lambda name: t(lessons[name].title) if name else t("none"),
        key="lesson-for-all",
    )
    if chosen != now:
        hour.give_lesson(room, chosen)
