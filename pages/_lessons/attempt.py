"""A lesson that was begun: how far it is, and then what it shows beside what was guessed."""

from datetime import timedelta

import streamlit as st

from core import runs, studies
from core.lessons import attempts, data, outcomes, printing, reading
from core.records import State
from core.records.lessons import Attempt, Lesson, Outcome
from core.runs import executors
from core.studies import store
from core.workspace import Workspace
from pages._shared import run_words as words, widgets
from pages._shared.charts import whole
from pages._shared.engine import engine
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import language, md, mendable, t

EVERY = timedelta(seconds=2)


def draw(ws: Workspace, attempt_id: str) -> None:
    """Draw the attempt: moving while something is trained, still when all has ended."""
    attempt = attempts.get(ws, attempt_id)
    lesson = reading.lesson_named(attempt.lesson)
    st.title(md(t(lesson.title)))
    st.markdown(md(t(lesson.question)))
    guessed = next(g.text for g in lesson.guesses if g.name == attempt.guess)
    st.markdown(t("Your guess: **{guess}**", guess=md(t(guessed))))
    is_over = attempts.is_over(ws, attempt)
    fragment_every(None if is_over else EVERY)(_body)(ws, attempt_id, lesson, is_over)


@mendable()  # it runs alone, outside the page's own
def _body(ws: Workspace, attempt_id: str, lesson: Lesson, drawn: bool) -> None:
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
    _result(ws, attempt, lesson, outcomes.read(ws, attempt))


def _progress(ws: Workspace, attempt: Attempt) -> None:
    """Draw how far what is trained is."""
    ids = list(dict.fromkeys(attempt.run_ids))
    if attempt.study_id:
        ids = [part[0] for part in store.existing(ws, studies.get(ws, attempt.study_id))]
    done = 0.0
    for run_id in ids:
        run = runs.get(ws, run_id)
        if run.state.state is State.RUNNING and run.progress is not None:
            done += run.progress.done
        done += run.state.state not in words.ACTIVE
    share = min(done / max(1, len(ids)), 1.0)
    st.progress(share, text=f"{words.percent(share)} · {t(attempts.why_not_over(attempt))}")


def _result(ws: Workspace, attempt: Attempt, lesson: Lesson, found: Outcome) -> None:
    _scores(found)
    was_right = found.answer == attempt.guess
    answer = next(g.text for g in lesson.guesses if g.name == found.answer)
    icon = ":material/check_circle:" if was_right else ":material/cancel:"
    told = t("You guessed rightly.") if was_right else t("It came otherwise than you guessed.")
    st.markdown(f"#### {icon} {told}")
    st.markdown(t("What happened: **{answer}**", answer=md(t(answer))))
    if found.p_value is not None and not attempt.study_id:
        st.caption(md(t(printing.paired(found))))
    for paragraph in lesson.explanation:
        st.markdown(md(t(paragraph)))
    with st.container(horizontal=True):
        _links(attempt)
        st.download_button(
            t("Sheet to print"),
            lambda: printing.page(ws, attempt, language()),
            file_name=f"{lesson.name}.html",
            mime="text/html",
            icon=":material/print:",
            key="sheet",
        )


def _scores(found: Outcome) -> None:
    with st.grid(len(found.names), min_column_width=200):
        for name, score in zip(found.names, found.scores, strict=True):
            st.metric(
                t(name),
                words.percent(score.accuracy),
                delta=words.interval(score),
                delta_color="off",
                delta_arrow="off",
                border=True,
                height="stretch",
                help=words.behind(score),
            )
    for name, score in zip(found.names, found.scores, strict=True):
        right = round(score.accuracy * score.images)
        count = t("{right} of {images} right", right=right, images=score.images)
        st.progress(whole(score.accuracy), text=f"{md(t(name))} · {count}")


def _links(attempt: Attempt) -> None:
    if attempt.study_id:
        if st.button(t("Open the ladder"), icon=":material/stairs:", key="open-ladder"):
            widgets.go("runs.py", study=attempt.study_id)
        return
    for number, run_id in enumerate(dict.fromkeys(attempt.run_ids), start=1):
        label = t("Open run {number}", number=number)
        if st.button(label, icon=":material/arrow_forward:", key=f"open-{run_id}"):
            widgets.go("runs.py", run=run_id)
