"""What trains in the class and what waits, in the order in which it will be taken."""

from datetime import timedelta

import streamlit as st

from core import runs
from core.classroom.folder import ClassFolder
from core.errors import UserError
from core.records import Run, State
from core.runs.sharing import clusters
from core.teaching import ordering, roll
from core.teaching.roll import LinedRun
from pages._shared import run_words as words, widgets
from pages._shared.frame import visitor
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import md, t

EVERY = timedelta(seconds=3)
PER_PAGE = 10


@fragment_every(EVERY)
@widgets.mendable()
def draw() -> None:
    """Draw the line, ten at a time."""
    room = visitor.own_class()
    found = roll.line(room)
    st.subheader(t("Line of trainings"))
    if not found:
        st.caption(t("Nothing trains, and nothing waits."))
        return
    num_pages = -(-len(found) // PER_PAGE)
    page = st.pagination(num_pages, key="line_page") if num_pages > 1 else 1
    for one in found[(page - 1) * PER_PAGE : page * PER_PAGE]:
        try:
            _draw_run(room, one, runs.get(one.ws, one.run_id))
        except (OSError, UserError):  # its owner has deleted it meanwhile
            continue


def _draw_run(room: ClassFolder, one: LinedRun, run: Run) -> None:
    owner, title = one.owner or t("Teacher"), run.name or words.dataset_name(one.ws, run)
    key = f"{one.owner_id}-{one.run_id}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"line-{key}"):
        place = f"{one.position}" if one.position else "▶"
        st.markdown(f"**{place} · {md(owner)}**", width="content")
        st.caption(f"{md(title)} · {_standing(run)}", width="stretch")
        asked = runs.stop_requested(one.ws, one.run_id)
        label = t("Stopping…") if asked else t("Stop")
        stop = st.button(label, icon=":material/stop_circle:", disabled=asked, key=f"stop-{key}")
        if stop:
            ordering.stop(room, one)
        first = one.position > 1 and st.button(
            t("Take it next"), icon=":material/vertical_align_top:", key=f"first-{key}"
        )
        if first:
            ordering.take_next(room, one)
        if stop or first:
            st.rerun(scope="fragment")


def _standing(run: Run) -> str:
    state = clusters.shown_state(run)
    told = t(runs.STATE_WORDS[state])
    is_going = run.progress is not None and state is State.RUNNING
    return f"{told} {words.percent(run.progress.done)}" if is_going and run.progress else told
