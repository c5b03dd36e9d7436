"""What came of a lesson, beside what was guessed."""

import streamlit as st

from core import runs
from core.lessons import outcomes, printing
from core.records.lessons import Attempt, Lesson, Outcome
from core.workspace import Workspace
from pages._shared import class_heat, run_words as words, widgets
from pages._shared.charts import whole
from pages._shared.widgets import language, md, t


def draw(ws: Workspace, attempt: Attempt, lesson: Lesson, found: Outcome) -> None:
    """Draw scores, verdict, explanation and, where the lesson has one, the map of a class."""
    _scores(found)
    was_right = found.answer == attempt.guess
    icon = ":material/check_circle:" if was_right else ":material/cancel:"
    st.markdown(f"#### {icon} {t(printing.verdict(attempt, found))}")
    if guess := lesson.guess_named(found.answer):
        st.markdown(t("What happened: **{answer}**", answer=md(t(guess.text))))
    for message in (*found.told, *printing.notes(lesson, found)):
        st.caption(md(t(message)))
    if lesson.map_of and attempt.run_ids:
        _draw_map(ws, attempt.run_ids[0], lesson.map_of)
    for paragraph in outcomes.why(lesson, found):
        st.markdown(md(t(paragraph)))
    with st.container(horizontal=True):
        _links(attempt)
        st.download_button(
            t("Sheet to print"),
            lambda: printing.page(ws, attempt, language(), words.zone()),
            file_name=f"{lesson.name}.html",
            mime="text/html",
            icon=":material/print:",
            key="sheet",
        )


def _draw_map(ws: Workspace, run_id: str, label: str) -> None:
    card = runs.get(ws, run_id).card
    if card is not None and label in card.labels:
        st.markdown(f"**{t('Where does it look?')}** · {md(label)}")
        with widgets.mendable():
            class_heat.draw_class(ws, run_id, card, label)


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
    for number, (name, score) in enumerate(zip(found.names, found.scores, strict=True)):
        right = round(score.accuracy * score.images)
        count = t("{right} of {images} right", right=right, images=score.images)
        time = [words.exact_duration(found.seconds[number])] if found.seconds else []
        st.progress(whole(score.accuracy), text=" · ".join([md(t(name)), count, *time]))


def _links(attempt: Attempt) -> None:
    if attempt.study_id:
        if st.button(t("Open the ladder"), icon=":material/stairs:", key="open-ladder"):
            widgets.go("runs.py", study=attempt.study_id)
        return
    for number, run_id in enumerate(dict.fromkeys(attempt.run_ids), start=1):
        label = t("Open run {number}", number=number)
        if st.button(label, icon=":material/arrow_forward:", key=f"open-{run_id}"):
            widgets.go("runs.py", run=run_id)
