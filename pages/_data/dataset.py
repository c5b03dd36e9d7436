"""The Data page for one data set: what is in it, what is missing, its images, its files."""

import streamlit as st

from core import datasets
from core.records import Dataset, ImageRecord
from core.workspace import Workspace
from pages._data import manage, overview, pictures, report
from pages._data.curating import curate, duplicates, label_issues, quality
from pages._data.importing import add
from pages._shared import widgets
from pages._shared.widgets import t


def draw(ws: Workspace) -> None:
    """Draw the data set that the address names."""
    left, right = st.columns([5, 3], vertical_alignment="bottom")
    with left:
        dataset = widgets.pick_dataset(ws)
    if dataset is None:
        return
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        manage.draw(ws, dataset)
        if st.button(t("Train with it"), type="primary", icon=":material/model_training:"):
            widgets.go("train.py", dataset=dataset.id)
    overview.draw(dataset)
    _part(ws, dataset, listing(ws, dataset))


_RENAMED = {"doubles": "duplicates", "doubts": "label-errors", "tidy": "edit"}  # old links


def _part(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    parts = {
        "classes": (":material/category:", t("Classes")),
        "images": (":material/grid_view:", t("Images")),
        "files": (":material/fact_check:", t("Report")),
        "quality": (":material/health_and_safety:", t("Quality")),
        "duplicates": (":material/content_copy:", t("Duplicates")),
        "label-errors": (":material/help:", t("Possible label errors")),
        "edit": (":material/edit:", t("Edit")),
        "add": (":material/add_photo_alternate:", t("Add")),
    }
    drawn = {
        "classes": lambda: overview.draw_classes(ws, dataset, images),
        "images": lambda: pictures.draw(dataset, images),
        "files": lambda: report.draw(ws, dataset),
        "quality": lambda: quality.draw(ws, dataset),
        "duplicates": lambda: duplicates.draw(ws, dataset, images),
        "label-errors": lambda: label_issues.draw(ws, dataset, images),
        "edit": lambda: curate.draw(ws, dataset, images),
        "add": lambda: add.draw(ws, dataset),
    }
    part = widgets.choose_tab(
        t("What to look at"),
        parts,
        key="part",
        default="classes",
        renamed=_RENAMED,
        label_visibility="collapsed",
    )
    drawn[part]()


def listing(ws: Workspace, dataset: Dataset) -> tuple[ImageRecord, ...]:
    """Read the images of a data set once; a written version never changes."""
    return _listing(str(ws.root), dataset.id, dataset.version, dataset.fingerprint)


@st.cache_resource(max_entries=8, show_spinner=False)
def _listing(root: str, dataset_id: str, version: int, fingerprint: str) -> tuple[ImageRecord, ...]:
    return datasets.images(widgets.workspace(), dataset_id, version)
