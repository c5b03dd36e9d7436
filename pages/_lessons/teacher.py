"""What a teacher wants to know of the lessons: aim, time, what will come out, what to ask."""

import streamlit as st

from core.judging import shares
from core.lessons import measured, reading
from core.lessons.measured import Expected
from core.records.lessons import Lesson
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
            st.markdown(f"**{t('Aim')}**: {md(t(lesson.aim))}")
            st.markdown(f"**{t('Question')}**: {md(t(lesson.question))}")
            if lesson.name in expected:
                _draw_expected(lesson, expected[lesson.name])
            asks = "\n".join(f"- {md(t(ask))}" for ask in lesson.asks)
            st.markdown(f"**{t('To talk about')}**\n{asks}")


def _draw_expected(lesson: Lesson, found: Expected) -> None:
    answer = next(guess.text for guess in lesson.guesses if guess.name == found.answer)
    st.markdown(f"**{t('Answer')}**: {md(t(answer))}")
    told = [
        t("{name}: {share} ({span})",
          name=md(t(name)), share=t(shares.percent(score)), span=t(shares.span(low, high)))
        for name, score, low, high in found.scores
    ]  # fmt: skip
    st.markdown("\n".join(f"- {line}" for line in told))
