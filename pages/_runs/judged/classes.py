"""Every class of a run in a table: precision, recall, F1, with how sure each of them is."""

import math
from typing import Literal

import streamlit as st

from core.insights.evaluation import Judged
from core.judging.evaluation.scores import Share
from core.records import Run
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from pages._glossary.drawer import explained
from pages._runs.judged import groups
from pages._runs.judged.table import draw_table
from pages._shared import run_words as words
from pages._shared.charts import whole
from pages._shared.widgets import md, nt, t

MOST_ROWS = 16  # further ones are reached by scrolling
LIST_HEIGHT = 480  # pixels
_NARROW = """<style>
@media (max-width: 640px) { .st-key-classes-wide { display: none } }
@media (min-width: 640.01px) { .st-key-classes-narrow { display: none } }
</style>"""  # a phone has no room for six columns


def draw(ws: Workspace, run: Run, found: PartPredictions, judged: Judged) -> None:
    """Draw accuracy where each class counts alike, the classes, and the groups, the worst first."""
    balanced = judged.balanced
    st.markdown(
        t(
            "Balanced accuracy, where each class counts alike however many images it has: "
            "**{share}** ({range}).",
            share=words.percent(balanced.value),
            range=words.span(balanced.low, balanced.high),
        )
    )
    st.html(_NARROW)
    with st.container(key="classes-wide"):
        _table(judged)
    with st.container(key="classes-narrow", height=_height(judged)):
        _list(judged)
    explained(
        t(
            "Precision: of the images that are named so, how many are. Recall: of the images that "
            "are, how many are named so. F1 is high only where both are. Behind each stands the "
            "range in which it would most likely lie with other images of the same kind."
        ),
        key="what-precision-is",
    )
    if judged.groups:
        groups.draw(ws, run, judged)


def written(share: Share) -> str:
    """Write a share with its range; a dash where there is none."""
    if math.isnan(share.value):
        return "–"
    return f"{words.percent(share.value)} ({words.span(share.low, share.high)})"


def _table(judged: Judged) -> None:
    rows = [
        {
            "class": name,
            "recall": None if math.isnan(one.recall.value) else whole(one.recall.value),
            "found": written(one.recall),
            "precision": written(one.precision),
            "f1": written(one.f1),
            "images": one.images,
        }
        for name, one in zip(judged.labels, judged.classes, strict=True)
    ]
    column = st.column_config
    draw_table(
        rows,
        {
            "class": column.TextColumn(t("Class")),
            "recall": column.ProgressColumn(
                t("Recall"), min_value=0, max_value=1, format="percent", width="small"
            ),
            "found": column.TextColumn(t("Recall (range)")),
            "precision": column.TextColumn(t("Precision (range)")),
            "f1": column.TextColumn(t("F1 (range)")),
            "images": column.NumberColumn(t("Images")),
        },
        alt=t("Precision, recall and F1 of every class"),
        key="class-scores",
        most_rows=MOST_ROWS,
    )


def _height(judged: Judged) -> int | Literal["content"]:
    return "content" if len(judged.labels) <= MOST_ROWS else LIST_HEIGHT


def _list(judged: Judged) -> None:
    """Say the same one below the other."""
    lines = list[str]()
    for name, one in zip(judged.labels, judged.classes, strict=True):
        images = nt("{num} image", "{num} images", num=one.images)
        lines += [
            f"**{md(name)}** · {images}",
            t("Recall {share}", share=written(one.recall)),
            t("Precision {share}", share=written(one.precision)),
            t("F1 {share}", share=written(one.f1)),
            "",
        ]
    st.markdown("  \n".join(lines).replace("  \n  \n", "\n\n"))
