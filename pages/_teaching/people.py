"""Who is in the class, one row each; behind a selected one what only the teacher may see."""

from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core import words
from core.classroom import people
from core.classroom.folder import ClassFolder
from core.institution import settings
from core.models import cache_budget
from core.teaching import roll
from core.teaching.roll import Seat
from pages._shared import run_words, widgets
from pages._shared.frame import visitor
from pages._shared.frame.fragments import dialog, fragment_every
from pages._shared.widgets import language, md, nt, t
from pages._teaching import limits

EVERY = timedelta(seconds=5)
MOST_ROWS = 12
ROW = 35  # pixels


@fragment_every(EVERY)
@widgets.mendable()
def draw() -> None:
    """Draw the people, and what can be done for the selected one."""
    room = visitor.own_class()
    seats = roll.roll(room, roll.line(room))
    here = sum(seat.is_here for seat in seats)
    st.subheader(t("People"))
    if not seats:
        st.caption(
            t("Nobody has signed in yet: show them the way in.")
            if settings.is_on()
            else t("Nobody has joined yet: show them the way in.")
        )
        return
    of_all = nt("{here} of {num} person is here.", "{here} of {num} people are here.",
                num=len(seats), here=here)  # fmt: skip
    more = t("Select one to take out.") if settings.is_on() else (
        t("Select one for the code to come back, and more."))  # fmt: skip
    st.caption(words.join((of_all, more), language()))
    event = st.dataframe(
        pd.DataFrame([_row(seat) for seat in seats]),
        hide_index=True,
        height=ROW * (MOST_ROWS + 1) if len(seats) > MOST_ROWS else "content",
        row_height=ROW,
        selection_mode="single-row",
        on_select="rerun",
        key=f"people-{hash(tuple(seat.person.id for seat in seats))}",
        column_config=_columns(),
        alt=t("A table of the people in the class"),
    )
    for row in event["selection"]["rows"]:
        _selected(room, seats[row])


def _row(seat: Seat) -> dict[str, str]:
    trains = [t("{num} trains", num=seat.num_running)] if seat.num_running else []
    waits = [nt("{num} waits", "{num} wait", num=seat.num_waiting)] if seat.num_waiting else []
    return {
        "name": seat.person.nickname,
        "here": t("here") if seat.is_here else run_words.when(seat.seen_at),
        "runs": " · ".join([*trains, *waits]),
        "disk": t(
            "{used} of {all}",
            used=cache_budget.size_text(seat.num_bytes),
            all=cache_budget.size_text(seat.may_take),
        ),
    }


def _columns() -> dict[str, Any]:
    column = st.column_config.TextColumn
    return {
        "name": column(t("Name"), pinned=True),
        "here": column(t("Last seen")),
        "runs": column(t("Trainings")),
        "disk": column(t("Disk")),
    }


def _selected(room: ClassFolder, seat: Seat) -> None:
    person = seat.person
    with st.container(border=True, gap="small", key=f"person-{person.id}"):
        st.markdown(f"**{md(person.nickname)}**")
        if person.code:
            st.caption(t("The code to come back. Let nobody else see it."))
            st.code(person.code, language=None)
        with st.container(horizontal=True):
            new = person.code and st.button(
                t("New code"),
                icon=":material/refresh:",
                key=f"code-{person.id}",
                help=t("Whoever is in under this name now is put out, on every device."),
            )
            if new:
                people.renew_code(room, person)
                st.rerun(scope="fragment")
            if st.button(t("Limits…"), icon=":material/data_usage:", key=f"limits-{person.id}"):
                dialog(t("Limits of one person"))(limits.draw_one)(person.id)
            if st.button(t("Take out…"), icon=":material/person_remove:", key=f"out-{person.id}"):
                dialog(t("Take out of the class?"))(_take_out)(person.id)


def _take_out(person_id: str) -> None:
    room = visitor.own_class()
    person = people.find(room, person_id)
    if person is None:
        st.rerun()
    st.markdown(
        t("Take {name} out of the class? All work is deleted for good.", name=md(person.nickname))
    )
    if person.identity:
        st.caption(t("{name} cannot sign in here any more, until whoever runs this Thaw allows it "
                     "again.", name=md(person.nickname)))  # fmt: skip
    with st.container(horizontal=True), widgets.mendable():
        if st.button(t("Take out"), type="primary", key="really-take-out"):
            people.remove(room, person)
            st.rerun()
        if st.button(t("Keep"), key="keep-person"):
            st.rerun()
