"""The Data page for one data set: its images, what is to be checked, what can be added."""

import streamlit as st

from core.records import Dataset
from core.workspace import Workspace
from pages._curation import editing
from pages._data import first_model, manage, overview
from pages._data.checking import worklist
from pages._data.images import classes, pictures
from pages._data.importing import add
from pages._data.numbers import overview as numbers
from pages._shared import widgets
from pages._shared.listings import listing
from pages._shared.widgets import t

_FORMER = {  # what links of old call the tabs, and what has become a part of one
    **dict.fromkeys(("classes", "edit", "tidy"), "images"),
    **dict.fromkeys(
        ("files", "quality", "duplicates", "doubles", "label-errors", "doubts"), "check"
    ),
}


def draw(ws: Workspace) -> None:
    """Draw the data set that the address names, or the ways to bring a new one."""
    head = st.container()
    titles = {
        "images": (":material/grid_view:", t("Images")),
        "check": (":material/fact_check:", t("Check")),
        "add": (":material/add_photo_alternate:", t("Add")),
    }
    tab = widgets.choose_tab(
        t("What to look at"),
        titles,
        key="part",
        default="add" if add.is_new() else "images",
        renamed=_FORMER,
        label_visibility="collapsed",
    )
    dataset = None
    if not (tab == "add" and add.is_new()):
        with head:
            dataset = _choose(ws)
    if tab == "add":
        add.draw(ws, dataset)
    elif dataset is not None:
        _draw(ws, dataset, tab)


def _choose(ws: Workspace) -> Dataset | None:
    """Draw the choice of the data set, its menu, and the way to train with it."""
    left, right = st.columns([4, 5], vertical_alignment="bottom")
    with left:
        dataset = widgets.pick_dataset(ws)
    if dataset is not None:
        with right, st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
            manage.draw(ws, dataset)
            first_model.offer(dataset)
    return dataset


def _draw(ws: Workspace, dataset: Dataset, tab: str) -> None:
    first_model.draw(ws, dataset)
    images = listing(ws, dataset)
    overview.draw_warnings(dataset)
    editing.draw_changes(ws, dataset)
    if tab == "check":
        worklist.draw(ws, dataset, images)
        return
    overview.draw_figures(dataset)
    if dataset.target is not None:
        numbers.draw_split(dataset, dataset.target, images)
    classes.draw(ws, dataset, images)
    pictures.draw(ws, dataset, images)
