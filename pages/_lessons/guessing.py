"""A lesson before anything is trained: its story, the question and the learner's guess."""

import streamlit as st

from core import datasets
from core.lessons import attempts
from core.records.lessons import Lesson
from core.runs import executors
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.widgets import md, mendable, t

OURS = ""  # in place of a data set of one's own


def draw(ws: Workspace, lesson: Lesson) -> None:
    """Draw the lesson up to its Start."""
    executors.wake(ws)  # TensorFlow takes longest, so it comes first
    st.title(md(t(lesson.title)))
    st.markdown(md(t(lesson.story)))
    st.markdown(f"#### {md(t(lesson.question))}")
    texts = {guess.name: t(guess.text) for guess in lesson.guesses}
    guess = st.radio(
        t("Your guess"),
        list(texts),
        index=None,
        format_func=lambda name: md(texts[name]),
        key="guess",
    )
    own = _choose_data(ws) if lesson.own_data else OURS
    pupil = st.text_input(t("Your name, for the sheet (may stay empty)"), max_chars=60, key="pupil")
    start = st.button(
        t("Start"),
        type="primary",
        icon=":material/play_arrow:",
        disabled=guess is None,
        help=None if guess else t("Guess first: then the result stays in mind."),
        key="start-lesson",
    )
    if start and guess:
        with mendable():
            made = attempts.begin(ws, lesson, guess, pupil=pupil, own=own)
            widgets.go("home.py", attempt=made)


def _choose_data(ws: Workspace) -> str:
    """Let a data set of one's own take the place of the sample."""
    known = {dataset.id: dataset for dataset in datasets.all_datasets(ws)}
    if not known:
        return OURS
    return st.selectbox(
        t("Pictures"),
        [OURS, *known],
        format_func=lambda name: widgets.dataset_label(known[name]) if name else t("The sample"),
        key="lesson-data",
    )
