"""Every class of a run in a table: precision, recall, F1, with how sure each of them is."""

import math
from collections import Counter
from collections.abc import Iterable

import streamlit as st

from core.insights.evaluation import Judged
from core.judging.evaluation.scores import Share
from core.records import ImageRecord, Run
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from pages._glossary.drawer import explained
from pages._runs.judged import overview
from pages._runs.judged.table import draw_table
from pages._shared import run_words as words
from pages._shared.charts import whole
from pages._shared.widgets import t

MOST_ROWS = 16  # further ones are reached by scrolling


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
    _table(judged)
    explained(
        t(
            "Precision: of the images that are named so, how many are. Recall: of the images that "
            "are, how many are named so. F1 is high only where both are. Behind each stands the "
            "range in which it would most likely lie with other images of the same kind."
        ),
        key="what-precision-is",
    )
    if judged.groups:
        _groups(ws, run, judged)


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


def _groups(ws: Workspace, run: Run, judged: Judged) -> None:
    """Draw the groups; images of one are seldom right or wrong by themselves."""
    st.markdown(f"**{t('By group, the worst first')}**")
    names = group_names(overview.known_images(ws, run).values())
    rows = [
        {
            "group": names.get(one.group, one.group),
            "right": whole(one.correct / one.images),
            "counts": t("{correct} of {num}", correct=one.correct, num=one.images),
        }
        for one in judged.groups
    ]
    column = st.column_config
    draw_table(
        rows,
        {
            "group": column.TextColumn(t("Group")),
            "right": column.ProgressColumn(t("Right"), min_value=0, max_value=1, format="percent"),
            "counts": column.TextColumn(t("Images")),
        },
        alt=t("How many images of each group are right"),
        key="group-scores",
        most_rows=MOST_ROWS,
    )
    st.caption(
        t(
            "Images of one group tend to be right or wrong together, so where there are groups a "
            "range counts these, not images."
        )
    )


def group_names(images: Iterable[ImageRecord]) -> dict[str, str]:
    """Name groups by what their images share, such as a patient; else by their first file."""
    names, sizes = dict[str, str](), Counter[str]()
    for image in images:
        if image.group:
            sizes[image.group] += 1
            names.setdefault(image.group, image.group_key or image.file)
    return {
        group: name
        if sizes[group] == 1
        else t("{name} ({num} images)", name=name, num=sizes[group])
        for group, name in names.items()
    }
