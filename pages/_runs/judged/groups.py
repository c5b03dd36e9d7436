"""How many images of each group are right, the worst first."""

from collections import Counter
from collections.abc import Iterable

import streamlit as st

from core import datasets
from core.errors import UserError
from core.insights.evaluation import Judged
from core.records import ImageRecord, Run
from core.workspace import Workspace
from pages._runs.judged.table import draw_table
from pages._shared.charts import whole
from pages._shared.widgets import t

MOST_ROWS = 16  # further ones are reached by scrolling


def draw(ws: Workspace, run: Run, judged: Judged) -> None:
    """Draw the groups; images of one are seldom right or wrong by themselves."""
    st.markdown(f"**{t('By group, the worst first')}**")
    names = group_names(_known_images(ws, run).values())
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


def _known_images(ws: Workspace, run: Run) -> dict[str, ImageRecord]:
    """Give the images of the run's version by their content; none where the data set is gone."""
    try:
        found = datasets.images(ws, run.config.dataset_id, run.config.dataset_version)
    except UserError:
        return {}
    return {image.content: image for image in found}
