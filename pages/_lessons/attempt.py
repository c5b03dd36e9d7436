"""A lesson that was begun: how far it is, and then what came of it."""

from datetime import timedelta

import streamlit as st

from core import runs, studies
from core.errors import UserError
from core.lessons import attempts, data, outcomes, reading
from core.records import State
from core.records.lessons import Attempt, Lesson
from core.runs import executors
from core.runs.sharing import waits
from core.studies import store
from core.workspace import Workspace
from pages._lessons import result
from pages._shared import run_words as words, widgets
from pages._shared.engine import engine
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import md, mendable, t

EVERY = timedelta(seconds=2)


def draw(ws: Workspace, attempt_id: str) -> None:
    """Draw the attempt: moving while something is trained, still when all has ended."""
    attempt = attempts.get(ws, attempt_id)
    lesson = reading.lesson_named(attempt.lesson)
    st.title(md(t(lesson.title)))
    st.markdown(md(t(lesson.question)))
    guessed = next(g.text for g in lesson.guesses if g.name == attempt.guess)
    st.markdown(t("Your guess: **{guess}**", guess=md(t(guessed))))
    try:
        is_over = attempts.is_over(ws, attempt)
        fragment_every(None if is_over else EVERY)(_body)(ws, attempt_id, lesson, is_over)
    except UserError as error:
        _draw_broken(ws, attempt, error)
    with st.popover(t("Delete"), icon=":material/delete:", key="forget"):
        st.write(t("This lesson, with its guess and its name, goes for good. Its runs stay."))
        if st.button(t("Delete the lesson"), type="primary", key="forget-really"):
            attempts.delete(ws, attempt_id)
            widgets.go("home.py")


def _draw_broken(ws: Workspace, attempt: Attempt, error: UserError) -> None:
    """Say why a lesson cannot come to its end, and offer to begin it once more."""
    widgets.draw_problem(error)
    if st.button(t("Begin again"), type="primary", icon=":material/restart_alt:", key="again"):
        with mendable():
            widgets.go("home.py", attempt=attempts.again(ws, attempt))


@mendable()  # it runs alone, outside the page's own
def _body(ws: Workspace, attempt_id: str, lesson: Lesson, drawn: bool) -> None:
    try:
        _take_step(ws, attempt_id, lesson, drawn)
    except UserError as error:
        _draw_broken(ws, attempts.get(ws, attempt_id), error)


def _take_step(ws: Workspace, attempt_id: str, lesson: Lesson, drawn: bool) -> None:
    attempt = attempts.advance(ws, attempt_id, tuple(t(data.title(side)) for side in lesson.sides))
    executors.wake(ws)
    executors.revive(ws)
    is_over = attempts.is_over(ws, attempt)
    if is_over is not drawn:
        st.rerun()
    if not is_over:
        _progress(ws, attempt)
        return
    for run_id in outcomes.needs_test(ws, attempt):
        with st.spinner(t("Asking the model about the other pictures")):
            engine(ws.root).test(run_id)
    result.draw(ws, attempt, lesson, outcomes.read(ws, attempt))


def _progress(ws: Workspace, attempt: Attempt) -> None:
    """Draw how far what is trained is."""
    ids = list(dict.fromkeys(attempt.run_ids))
    if attempt.study_id:
        ids = [part[0] for part in store.existing(ws, studies.get(ws, attempt.study_id))]
    done = 0.0
    for run_id in ids:
        if not ws.run(run_id).state.exists():  # deleted
            done += 1
            continue
        run = runs.get(ws, run_id)
        if run.state.state is State.RUNNING and run.progress is not None:
            done += run.progress.done
        done += run.state.state not in words.ACTIVE
    share = min(done / max(1, len(ids)), 1.0)
    why = waits.told_of_first(ws, ids) or attempts.why_not_over(ws, attempt)
    st.progress(share, text=f"{words.percent(share)} · {t(why)}")
    if ids and st.button(t("Stop"), icon=":material/stop_circle:", key="stop-lesson"):
        attempts.stop(ws, attempt)
        st.rerun()
