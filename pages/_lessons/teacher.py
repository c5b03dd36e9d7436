"""What a teacher wants to know of the lessons: aim, time, what will come out, what to ask."""

import streamlit as st

from core.lessons import measured, reading
from core.lessons.measured import Expected
from core.records.lessons import Lesson
from core.studies import texts
from pages._shared import run_words as words
from pages._shared.widgets import md, nt, t


def draw() -> None:
    """Draw the page."""
    st.title(t("Lessons, for teachers"))
    st.markdown(
        t("What came out is measured on the pictures that Thaw brings, on one machine; on another "
          "it may differ by a picture or two. With pictures of your own it will be another.")
    )  # fmt: skip
    expected = measured.expected()
    for number, lesson in enumerate(reading.lessons().values(), start=1):
        with st.container(border=True, key=f"teach-{lesson.name}"):
            st.subheader(f"{number} · {md(t(lesson.title))}")
            minutes = nt("{num} minute", "{num} minutes", num=lesson.minutes)
            st.caption(f":material/schedule: {minutes}")
            _line(t("Aim"), t(lesson.aim))
            _line(t("Question"), t(lesson.question))
            if lesson.name in expected:
                _draw_expected(lesson, expected[lesson.name])
            asks = "\n".join(f"- {md(t(ask))}" for ask in lesson.asks)
            st.markdown(f"**{t('To talk about')}**\n{asks}")


def _line(name: str, text: str) -> None:
    st.markdown(t("**{name}**: {text}", name=name, text=md(text)))


def _draw_expected(lesson: Lesson, found: Expected) -> None:
    if guess := lesson.guess_named(found.answer):
        _line(t("What came out"), t(guess.text))
    told = [
        t("{name}: {share} ({span})",
          name=md(_title(lesson, name)), share=words.percent(score), span=words.span(low, high))
        for name, score, low, high in found.scores
    ]  # fmt: skip
    st.markdown("\n".join(f"- {line}" for line in told))
    if lesson.map_of:
        warned = ", ".join(found.warned) or t("none")
        _line(t("Classes that the heat map warns of"), warned)


def _title(lesson: Lesson, name: str) -> str:
    """Call what scored: the rung of a ladder, or a side."""
    return t(texts.named(name)) if lesson.study else t(name)
