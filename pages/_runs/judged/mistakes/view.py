"""Where a model fails: its matrix, a table of it, and the pictures behind every cell."""

import streamlit as st

from core import runs
from core.insights import evaluation
from core.insights.evaluation import Judged
from core.records import ModelCard, Run, Split
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from pages._runs.judged.mistakes import again, cell, matrix, pairs, pictures, seen
from pages._shared.widgets import choose, t


def draw(ws: Workspace, run: Run, found: PartPredictions, judged: Judged) -> None:
    """Draw the mistakes on the validation images; on the test images once they were opened."""
    again.draw_changes(ws, run)
    opened = _of_test(ws, run, judged.labels)
    if opened is None or _choose_part() == Split.VALIDATION:
        _draw_part(ws, run, found, judged, Split.VALIDATION)
    else:
        _draw_part(ws, run, *opened, Split.TEST)


def draw_test(ws: Workspace, run: Run, card: ModelCard) -> None:
    """Draw the mistakes of a run that has no validation images to be wrong about."""
    if (opened := _of_test(ws, run, card.labels)) is not None:
        st.subheader(t("Mistakes on the test images"))
        _draw_part(ws, run, *opened, Split.TEST)


def _of_test(
    ws: Workspace, run: Run, labels: tuple[str, ...]
) -> tuple[PartPredictions, Judged] | None:
    """Give the answers to the test part; None before it was opened for this run."""
    if runs.test_score(ws, run.id) is None:
        return None
    found = predictions.read(ws.run(run.id), Split.TEST)
    return None if found is None else (found, evaluation.evaluate(found, labels))


def _choose_part() -> str:
    names = {Split.VALIDATION.value: t("Validation images"), Split.TEST.value: t("Test images")}
    return choose(
        st.segmented_control,
        t("Part"),
        list(names),
        default=Split.VALIDATION.value,
        key="mistakes-of",
        required=True,
        format_func=lambda name: names[name],
        label_visibility="collapsed",
    )


def _draw_part(
    ws: Workspace, run: Run, found: PartPredictions, judged: Judged, split: Split
) -> None:
    """Draw the matrix beside the pictures of the cell that was chosen in it."""
    chosen = cell.current(len(judged.labels))
    left, right = st.columns([6, 5], gap="medium")
    with left:
        if is_drawn := len(judged.labels) <= matrix.MOST:
            st.caption(t("Press a cell of the matrix, or a row of the table, to see its pictures."))
            matrix.draw(judged, chosen, key=f"matrix-{run.id}-{split}")
        else:
            st.caption(t("Select a row of the table to see its pictures."))
        pairs.draw(judged, chosen, key=f"pairs-{run.id}-{split}", alone=not is_drawn)
    with right:
        shown = seen.find(ws, run, found, judged.labels, split)
        pictures.draw(ws, run, judged, shown, chosen, split)
