"""The first look at a finished run: a verdict, the worst pictures, and a bar for each class."""

import numpy as np
import streamlit as st

from core import datasets
from core.datasets import versions
from core.errors import UserError
from core.insights import evaluation, verdict
from core.insights.comparing import baselines
from core.insights.evaluation import Judged, Mistake
from core.records import ImageRecord, Run
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from pages._runs.judged.table import draw_table
from pages._shared import run_words as words
from pages._shared.charts import whole
from pages._shared.widgets import sentences, t
from pages.components.gallery import Tile, gallery, image_url, thumbnail_url

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
    images = known_images(ws, run)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _worst(run, judged, images)
    with right:
        _bars(judged)


def known_images(ws: Workspace, run: Run) -> dict[str, ImageRecord]:
    """Give the images of the run's version by their content; none where the data set is gone."""
    try:
        found = datasets.images(ws, run.config.dataset_id, run.config.dataset_version)
    except UserError:
        return {}
    return {image.content: image for image in found}


def tile(dataset_id: str, image: ImageRecord, mistake: Mistake) -> Tile:
    """Make the small picture of a mistake: what it is, and what it is taken for."""
    share = words.percent(mistake.probability)
    told = t("{true}, taken for {predicted} ({share})",
             true=mistake.true, predicted=mistake.predicted, share=share)  # fmt: skip
    return Tile(
        id=versions.key(image),
        src=thumbnail_url(dataset_id, image.content),
        full=image_url(dataset_id, image.content),
        alt=t("{file}: {told}", file=image.file, told=told),
        caption=t("{true} → {predicted}", true=mistake.true, predicted=mistake.predicted),
        title=f"{told} · {image.file}",
        mark=share,
    )


def _worst(run: Run, judged: Judged, images: dict[str, ImageRecord]) -> None:
    """Draw the mistakes of which the model was surest, one of each pair of classes in turn."""
    listed = evaluation.round_robin(judged.mistakes)
    shown = [one for one in listed if one.content in images][:WORST]
    if not shown:
        return
    st.markdown(f"**{t('Wrong, and most sure of it')}**")
    tiles = [tile(run.config.dataset_id, images[one.content], one) for one in shown]
    gallery(tiles, key=f"worst-{run.id}", label=t("Pictures that the model names wrongly"))


def _bars(judged: Judged) -> None:
    """Draw how many images of each class are found, with the range; the least found first."""
    found = [
        (name, one.recall, one.images)
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
            "images": num,
        }
        for name, recall, num in sorted(found, key=lambda row: row[1].value)
    ]
    st.markdown(f"**{t('How many of each class are found')}**")
    column = st.column_config
    draw_table(
        rows,
        {
            "class": column.TextColumn(t("Class")),
            "found": column.ProgressColumn(
                t("Found"), min_value=0, max_value=1, format="percent", width="small"
            ),
            "range": column.TextColumn(t("Range")),
            "images": column.NumberColumn(t("Images"), width="small"),
        },
        alt=t("How many images of each class are found, the least first"),
        key="class-bars",
        most_rows=MOST_ROWS,
    )
