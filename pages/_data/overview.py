"""The Data page's overview: figures, what is worth knowing, classes and their split."""

from collections import Counter

import pandas as pd
import streamlit as st

from core import datasets
from core.errors import UserError
from core.records import Dataset, ImageRecord, Split
from core.workspace import Workspace
from pages._data.curating import groups
from pages._shared.widgets import md, nt, sentences, t
from pages.components.gallery import thumbnail_url


def draw(dataset: Dataset) -> None:
    """Draw the figures and the warnings."""
    _figures(dataset)
    _warnings(dataset)


def _figures(dataset: Dataset) -> None:
    counts = {row.count: md(row.name) for row in reversed(dataset.listed)}
    smallest = min(counts, default=0)
    with st.grid(4, min_column_width=150):
        st.metric(t("Images"), dataset.num_images, border=True, height="stretch")
        st.metric(t("Classes"), len(dataset.classes), border=True, height="stretch")
        st.metric(
            t("Smallest class"),
            smallest,
            delta=counts[smallest] if len(counts) > 1 else None,  # else none is the smallest
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )
        st.metric(
            t("Refused files"),
            dataset.num_refused,
            delta=nt("{num} other file", "{num} other files", num=dataset.num_junk)
            if dataset.num_junk
            else None,
            delta_color="off",
            delta_arrow="off",
            help=t(
                "Other files are what computers leave behind, such as .DS_Store, and lists that "
                "were read."
            ),
            border=True,
            height="stretch",
        )


def _warnings(dataset: Dataset) -> None:
    try:
        warnings = (*dataset.warnings, *datasets.check_trainable(dataset))
    except UserError as error:
        warnings = dataset.warnings
        problem = error.problem
        body = sentences(problem.what, problem.expected, problem.mend)
        st.warning(body, title=t("Not ready for training yet"), icon=":material/pending:")
    if warnings:
        lines = "\n".join(f"- {md(t(warning))}" for warning in warnings)
        st.warning(lines, title=t("Worth knowing"), icon=":material/lightbulb:")


def draw_classes(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw the classes with the number of their images, and explain the split."""
    column = st.column_config
    st.dataframe(
        pd.DataFrame(_rows(dataset, images)),
        hide_index=True,
        row_height=56,
        alt=t("Classes with the number of their images and how they are split"),
        column_config={
            "example": column.ImageColumn("", width="small"),
            "class": column.TextColumn(t("Class")),
            "count": column.ProgressColumn(
                t("Images"),
                width=110,  # on a phone, a bar any longer hides its number
                format="%d",
                max_value=max((row.count for row in dataset.classes), default=1),
            ),
            "train": column.NumberColumn(t("Training")),
            "validation": column.NumberColumn(t("Validation")),
            "test": column.NumberColumn(t("Test")),
        },
    )
    st.caption(
        t(
            "Thaw learns from the training images. It looks at the validation images to choose "
            "what works best. The test images stay closed until the very end, so that the last "
            "score is honest."
        )
    )
    groups.draw(dataset, images)
    _openings(ws, dataset)


def _openings(ws: Workspace, dataset: Dataset) -> None:
    """Say how often the test part was opened."""
    if times := datasets.num_openings(ws, dataset.id):
        st.caption(
            ":material/lock_open: "
            + nt(
                "The test part was opened {num} time. Each time makes its score a little less "
                "honest.",
                "The test part was opened {num} times. Each time makes its score a little less "
                "honest.",
                num=times,
            )
        )


def _rows(dataset: Dataset, images: tuple[ImageRecord, ...]) -> list[dict[str, object]]:
    counts = Counter((image.label, image.split) for image in images)
    open_ = (image for image in reversed(images) if image.split is not Split.TEST)
    first = {image.label: thumbnail_url(dataset.id, image.content) for image in open_}
    return [
        {
            "example": first.get(row.name),
            "class": row.name,
            "count": row.count,
            **{split.value: counts[row.name, split] for split in Split},
        }
        for row in dataset.listed
    ]
