"""The first look at a finished run: a verdict, the worst pictures, and a bar for each class."""

import numpy as np
import streamlit as st

from core.insights import evaluation, verdict
from core.insights.comparing import baselines
from core.insights.evaluation import Judged
from core.records import Run, Split
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from pages._runs.judged.mistakes import cell, enlarged, pictures, seen
from pages._runs.judged.table import draw_table
from pages._shared import run_words as words
from pages._shared.charts import whole
from pages._shared.widgets import sentences, t
from pages.components.gallery import gallery

WORST = 6  # pictures
MOST_ROWS = 10  # further classes are reached by scrolling


def draw_verdict(ws: Workspace, run: Run, found: PartPredictions, judged: Judged) -> None:
    """Say in one line what the run came to, and below it what else is to be said of that."""
    first, *further = verdict.sentences(judged, run.score)
    st.markdown(f"#### {sentences(first)}")
    if rules := baselines.baselines_of(ws, run):
        further += verdict.beats(rules, baselines.against(found, rules))
    if further:
        st.markdown(sentences(*further))


def draw(ws: Workspace, run: Run, found: PartPredictions, judged: Judged) -> None:
    """Draw the worst pictures beside the classes."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _worst(ws, run, found, judged)
    with right:
        _bars(judged)


def _worst(ws: Workspace, run: Run, found: PartPredictions, judged: Judged) -> None:
    """Draw the mistakes of which the model was surest, one of each pair of classes in turn."""
    shown = seen.find(ws, run, found, judged.labels, Split.VALIDATION)
    rows = [row for row in evaluation.rows_of(found, None) if row in shown.by_row][:WORST]
    if not rows:
        return
    st.markdown(f"**{t('Wrong, and most sure of it')}**")
    gallery(
        [pictures.tile(shown, shown.seen(row)) for row in rows],
        key=f"worst-{run.id}",
        label=t("Pictures that the model names wrongly"),
        on_open=lambda row: cell.enlarge(int(row)),
    )
    enlarged.draw(ws, run, shown, rows)


def _bars(judged: Judged) -> None:
    """Draw how many images of each class are found, with the range; the least found first."""
    found = [
        (name, one.recall)
        for name, one in zip(judged.labels, judged.classes, strict=True)
        if not np.isnan(one.recall.value)
    ]
    if not found:
        return
    rows = [
        {
            "class": name,
            "found": whole(recall.value),
            "range": words.span(recall.low, recall.high),
        }
        for name, recall in sorted(found, key=lambda row: row[1].value)
    ]
    st.markdown(f"**{t('How many of each class are found')}**")
    column = st.column_config
    draw_table(
        rows,
        {
            "class": column.TextColumn(t("Class")),
            "found": column.ProgressColumn(
                t("Found"), min_value=0, max_value=1, format="percent", width=76
            ),
            "range": column.TextColumn(t("Range"), width=92),
        },
        alt=t("How many images of each class are found, the least first"),
        key="class-bars",
        most_rows=MOST_ROWS,
    )
