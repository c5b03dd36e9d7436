"""The Data page's classes: how many images each has, how they are split, and what ties them."""

from collections import Counter

import pandas as pd
import streamlit as st

from core import datasets
from core.records import Dataset, ImageRecord, Split
from core.workspace import Workspace
from pages._data.images import class_changes, groups
from pages._glossary.drawer import explained
from pages._shared.widgets import nt, t
from pages.components.gallery import thumbnail_url


def draw(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw the classes where the reader opens them; a link of old has opened them."""
    if dataset.target is not None:
        return
    about = st.expander(
        t("Classes and how they are split"),
        expanded=st.query_params.get("part") == "classes",
        icon=":material/category:",
        key="classes",
        on_change="rerun",
    )
    if about.open:
        with about:
            _table(dataset, images)
            groups.draw(dataset, images)
            _openings(ws, dataset)
            class_changes.draw(ws, dataset)


def _table(dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
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
    explained(
        t(
            "Thaw learns from the training images. It looks at the validation images to choose "
            "what works best. The test images stay closed until the very end, so that the last "
            "score is honest."
        ),
        key="what-parts-are",
    )


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
