"""What the parts of the Data page share: a change and its echo, the choice of a class, pages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import streamlit as st

from core.datasets import versions
from core.records import Dataset, ImageRecord
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.widgets import md, t
from pages.components.gallery import Tile, thumbnail_url

Item = TypeVar("Item")


def change(ws: Workspace, pressed: bool, make: Callable[[], Dataset]) -> None:
    """Make a change that was asked for, and draw the page anew, which then says what was done."""
    if not pressed:
        return
    with widgets.mendable():
        made = versions.latest_edit(ws, make().id)
        st.session_state["changed"] = made[1].what if made else None
        st.rerun()


def echo() -> None:
    """Say what was changed just now, wherever on the page the reader is."""
    if what := st.session_state.pop("changed", None):
        st.toast(md(t(what)), icon=":material/check:")


def choose_class(dataset: Dataset, **look: Any) -> str:
    """Draw the choice of one class or all, which is "" ."""
    return widgets.choose(
        st.selectbox,
        t("Class"),
        ["", *(row.name for row in dataset.listed)],
        default="",
        format_func=lambda name: name or t("All classes"),
        key="class",
        **look,
    )


@contextmanager
def page_of(items: Sequence[Item], size: int, *, key: str) -> Iterator[Sequence[Item]]:
    """Give one page of many things, to be drawn above the choice of the page."""
    num_pages = max(1, -(-len(items) // size))
    slot, number = st.container(), 1
    if num_pages > 1:
        with st.container(horizontal_alignment="center"):
            number = st.pagination(num_pages, key=key)
    with slot:
        yield items[(number - 1) * size : number * size]


def tile(dataset: Dataset, image: ImageRecord, **look: str) -> Tile:
    """Make the small picture of an image."""
    shown = {
        "id": versions.key(image),
        "src": thumbnail_url(dataset.id, image.content),
        "alt": t("{file}, class {label}", file=image.file, label=image.label),
        "caption": image.label,
    }
    return Tile(**(shown | look))
