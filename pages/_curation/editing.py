"""A change to a data set, its echo and the way back; and the small picture of an image."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.datasets import curation, versions
from core.judging.numbers import written
from core.records import Dataset, ImageRecord
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.widgets import md, t
from pages.components.gallery import Tile, image_url, thumbnail_url


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


def draw_changes(ws: Workspace, dataset: Dataset) -> None:
    """Say what was changed last, and offer to take it back."""
    echo()
    newest = versions.latest_edit(ws, dataset.id)
    if newest is None:
        return
    number, last = newest
    with st.container(horizontal=True, vertical_alignment="center"):
        text = t("Version {number}: {what}", number=number, what=last.what)
        about = t("Every change makes a new version. The images you brought are never changed.")
        st.markdown(f":material/history: {md(text)}", width="stretch", help=about)
        key = f"undo-{number}"  # a press in a tab that shows an older version takes nothing back
        undone = last.parent is not None and st.button(t("Undo"), icon=":material/undo:", key=key)
        change(ws, undone, lambda: curation.undo(ws, dataset.id))


def choose_class(dataset: Dataset, **look: Any) -> str:
    """Draw the choice of one class or all, which is "" ."""
    counts = {row.name: row.count for row in dataset.listed}
    return widgets.choose(
        st.selectbox,
        t("Class"),
        ["", *counts],
        default="",
        format_func=lambda name: f"{name} · {counts[name]}" if name else t("All classes"),
        key="class",
        **look,
    )


def tile(dataset: Dataset, image: ImageRecord, **look: str) -> Tile:
    """Make the small picture of an image."""
    named = image.label
    if dataset.target is not None:
        named = t(written.amount(image.number, dataset.target))
    shown: dict[str, Any] = {
        "id": versions.key(image),
        "src": thumbnail_url(dataset.id, image.content),
        "full": image_url(dataset.id, image.content),
        "alt": t("{file}, {number}", file=image.file, number=named)
        if dataset.target
        else t("{file}, class {label}", file=image.file, label=named),
        "caption": named,
        "title": f"{named} · {image.file} · {image.width} x {image.height}",
    }
    return Tile(**(shown | look))
