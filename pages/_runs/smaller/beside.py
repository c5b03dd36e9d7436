"""A student beside its teacher and beside the same network without one: accuracy, size and time."""

import contextlib
from collections.abc import Mapping

import streamlit as st

from core.distilling import outcome, teachers
from core.distilling.outcome import NAMES, Distilled, DistilledRow
from core.errors import UserError
from core.insights import score_texts
from core.records import Run
from core.workspace import Workspace
from pages._runs import names
from pages._shared import run_words as words
from pages._shared.engine import engine
from pages._shared.widgets import go, md, sentences, t


def draw(ws: Workspace, run: Run) -> None:
    """Draw the three models where this run had a teacher; else the students that it taught."""
    found = outcome.of(ws, run)
    if found is not None:
        st.subheader(t("What the teacher gained"))
        took = _milliseconds(ws, found)
        st.table([_cells(row, took) for row in found.rows], border="horizontal")
        st.markdown(sentences(*outcome.sentences(found)))
        return
    students = teachers.students_of(ws, run.id)
    if students:
        st.subheader(t("Its students"))
        for student in students:
            if st.button(
                md(names.title(ws, student)), type="tertiary", key=f"student-{student.id}"
            ):
                go("runs.py", run=student.id)


def _cells(row: DistilledRow, took: Mapping[str, float]) -> dict[str, str]:
    score = t(score_texts.short(row.accuracy)) if row.accuracy else "–"
    speed = took.get(row.run_id)
    return {
        t("Model"): t(NAMES[row.name]),
        t("Backbone"): md(row.backbone),
        t("Validation accuracy"): score,
        t("Size"): megabytes(row.num_bytes / 1e6),
        t("An image takes"): t("{num} ms", num=words.decimal(round(speed, 1))) if speed else "–",
    }


def _milliseconds(ws: Workspace, found: Distilled) -> Mapping[str, float]:
    """Measure the models side by side, once in a session; nothing while one cannot be opened."""
    ids = tuple(row.run_id for row in found.rows)
    key = f"milliseconds-{'-'.join(ids)}"
    if key not in st.session_state:
        with contextlib.suppress(UserError), st.spinner(t("The models are timed…")):
            took = engine(ws.root).milliseconds(ids)
            st.session_state[key] = dict(zip(ids, took, strict=True))
    known: Mapping[str, float] = st.session_state.get(key, {})
    return known


def megabytes(size: float) -> str:
    """Write a size in millions of bytes."""
    return t("{megabytes} MB", megabytes=words.decimal(round(size, 1)))
