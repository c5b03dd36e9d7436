"""The Data page for one data set: what is in it, what is missing, its images, its files."""

import streamlit as st

from core import datasets
from core.records import Dataset, ImageRecord
from core.workspace import Workspace
from pages import (
    _data_add,
    _data_doubles,
    _data_doubts,
    _data_manage,
    _data_overview,
    _data_pictures,
    _data_quality,
    _data_report,
    _data_tidy,
    _shared,
)
from pages._shared import t


def draw(ws: Workspace) -> None:
    """Draw the data set that the address names."""
    left, right = st.columns([5, 3], vertical_alignment="bottom")
    with left:
        dataset = _shared.pick_dataset(ws)
    if dataset is None:
        return
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        _data_manage.draw(ws, dataset)
        if st.button(t("Train with it"), type="primary", icon=":material/model_training:"):
            _shared.go("train.py", dataset=dataset.id)
    _data_overview.draw(dataset)
    _part(ws, dataset, listing(ws, dataset))


def _part(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    parts = {
        "classes": (":material/category:", t("Classes")),
        "images": (":material/grid_view:", t("Images")),
        "files": (":material/fact_check:", t("Report")),
        "quality": (":material/health_and_safety:", t("Quality")),
        "doubles": (":material/content_copy:", t("Doubles")),
        "doubts": (":material/help:", t("Doubts")),
        "tidy": (":material/cleaning_services:", t("Tidy up")),
        "add": (":material/add_photo_alternate:", t("Add")),
    }
    drawn = {
        "classes": lambda: _data_overview.draw_classes(ws, dataset, images),
        "images": lambda: _data_pictures.draw(dataset, images),
        "files": lambda: _data_report.draw(ws, dataset),
        "quality": lambda: _data_quality.draw(ws, dataset),
        "doubles": lambda: _data_doubles.draw(ws, dataset, images),
        "doubts": lambda: _data_doubts.draw(ws, dataset, images),
        "tidy": lambda: _data_tidy.draw(ws, dataset, images),
        "add": lambda: _data_add.draw(ws, dataset),
    }
    part = _shared.choose_tab(
        t("What to look at"), parts, key="part", default="classes", label_visibility="collapsed"
    )
    drawn[part]()


def listing(ws: Workspace, dataset: Dataset) -> tuple[ImageRecord, ...]:
    """Read the images of a data set once; a written version never changes."""
    return _listing(str(ws.root), dataset.id, dataset.version, dataset.fingerprint)


@st.cache_resource(max_entries=8, show_spinner=False)
def _listing(root: str, dataset_id: str, version: int, fingerprint: str) -> tuple[ImageRecord, ...]:
    return datasets.images(_shared.workspace(), dataset_id, version)
