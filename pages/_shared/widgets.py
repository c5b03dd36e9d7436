"""What every page shares: the workspace, the reader's language, the error panel, pickers, links."""

from contextlib import AbstractContextManager

import streamlit as st

from core import datasets
from core.records import Dataset
from core.words import mark
from core.workspace import Workspace
from pages._shared.address import choose, choose_tab, remember, rename
from pages._shared.frame.problems import draw_left, draw_problem, mendable, sentences
from pages._shared.frame.visitor import is_local, upload_ticket, workspace
from pages._shared.words import (
    choose_language,
    language,
    md,
    nt,
    remember_language,
    t,
    unbroken,
)

__all__ = [
    "choose",
    "choose_language",
    "choose_tab",
    "close_popover",
    "closing_popover",
    "dataset_label",
    "draw_left",
    "draw_problem",
    "empty_state",
    "go",
    "is_local",
    "language",
    "md",
    "mendable",
    "nt",
    "pick_dataset",
    "remember",
    "remember_language",
    "rename",
    "sentences",
    "t",
    "unbroken",
    "upload_ticket",
    "url",
    "workspace",
]

KEEPER = mark("For the person who looks after this computer")  # above what only some can use


def pick_dataset(ws: Workspace, *, key: str = "dataset") -> Dataset | None:
    """Let the user choose a data set; the choice lives in the address bar. None: there is none."""
    known = {dataset.id: dataset for dataset in datasets.all_datasets(ws)}
    if not known:
        empty_state(
            t("There are no images yet."),
            t("Bring your own, or try the sample: a few hundred small pictures in four classes."),
            page="data.py",
            label=t("Bring images"),
        )
        return None
    chosen = choose(
        st.selectbox,
        t("Data set"),
        list(known),
        format_func=lambda name: dataset_label(known[name]),
        key=key,
    )
    return known[chosen]


_POPOVER = "popover-that-closes"


def dataset_label(dataset: Dataset) -> str:
    """Name a data set in a list."""
    return f"{dataset.name} · " + nt("{num} image", "{num} images", num=dataset.num_images)


def empty_state(title: str, sentence: str, *, page: str, label: str) -> None:
    """Invite to the first step, with one button."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.subheader(title, text_alignment="center")
        st.caption(sentence, text_alignment="center")
        if st.button(label, type="primary", icon=":material/arrow_forward:", key=f"go-{page}"):
            go(page)


def closing_popover(label: str, icon: str, key: str) -> AbstractContextManager[object]:
    """Open a popover that `close_popover` closes, as it would lie over a dialog."""
    st.session_state[_POPOVER] = key
    return st.popover(label, icon=icon, key=key, on_change="rerun")


def close_popover() -> None:
    """Close the popover in which a button was pressed; for its `on_click`."""
    key = st.session_state.get(_POPOVER)
    if key is not None and key in st.session_state:
        st.session_state[key] = False


def go(page: str, **query: str) -> None:
    """Open another page with what it should show; the language goes along."""
    kept = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
    st.switch_page(page, query_params={**kept, **query})


def url(path: str) -> str:
    """Give the address of a route of ours, under the path the app is served at."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path
