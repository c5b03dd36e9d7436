"""What pupils may take: the teacher changes it for all, or for one of them."""

from dataclasses import asdict
from typing import Any

import streamlit as st

from core.classroom import allowances, people, quotas
from core.classroom.allowances import LIMITS
from core.models import cache_budget
from pages._shared import widgets
from pages._shared.frame import visitor
from pages._shared.widgets import md, t


def draw() -> None:
    """Draw what each pupil may take, to be changed."""
    room = visitor.own_class()
    now = asdict(allowances.of_all(room))
    st.caption(t("What each pupil may take. It holds at once; what somebody has stays."))
    free = cache_budget.size_text(quotas.free_bytes(room.teacher))
    st.caption(t("The disk has {size} left.", size=free))
    with st.form("limits", border=False), widgets.mendable():
        asked = {name: _field(name, "all", now[name]) for name in LIMITS}
        if st.form_submit_button(t("Change"), icon=":material/check:", key="change-limits"):
            allowances.allow(room, {n: value for n, value in asked.items() if value is not None})
            st.success(t("It holds from now on."), icon=":material/check:")


def draw_one(person_id: str) -> None:
    """Draw what one pupil may take; an empty field is as for all."""
    room = visitor.own_class()
    person = people.find(room, person_id)
    if person is None:
        st.rerun()
    all_may, own = asdict(allowances.of_all(room)), asdict(person.quota)
    st.markdown(t("What {name} may take. An empty field is as for all.", name=md(person.nickname)))
    with st.form("limits-one", border=False), widgets.mendable():
        asked = {
            name: _field(name, person_id, own[name], t("as all: {num}", num=f"{all_may[name]:g}"))
            for name in own
        }
        if st.form_submit_button(t("Change"), icon=":material/check:", key="change-one"):
            allowances.allow_one(room, person, asked)
            st.rerun()


def _field(name: str, whose: str, value: float | None, empty: str = "") -> float | None:
    """Draw one number; None where it is left empty."""
    limit = LIMITS[name]
    kind = int if limit.is_whole else float
    numbers: dict[str, Any] = {
        "min_value": kind(0),
        "max_value": kind(limit.most),
        "value": None if value is None else kind(value),
        "step": kind(1),
    }
    typed: float | None = st.number_input(
        t(limit.title),
        **numbers,
        format="%d" if limit.is_whole else "%g",
        placeholder=empty or None,
        help=t(limit.sentence),
        key=f"limit-{name}-{whose}",
    )
    return typed
