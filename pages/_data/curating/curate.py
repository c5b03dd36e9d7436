"""The Data page's editing: leave images out, move them to another class, and take it back."""

import streamlit as st

from core.datasets import curation, versions
from core.records import Dataset, ImageRecord, Split
from core.workspace import Workspace
from pages._data.curating import classes
from pages._data.curating.editing import change, choose_class, echo, page_of, tile
from pages._shared.widgets import md, nt, t
from pages.components.gallery import gallery

PER_PAGE = 60


def draw(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw what was changed, the pictures to choose from, and what can be done with them."""
    draw_changes(ws, dataset)
    names = [row.name for row in dataset.listed]
    label = choose_class(dataset)
    st.caption(t("Click images to choose them; then leave them out or move them."))
    shown = [i for i in images if i.split is not Split.TEST and label in ("", i.label)]
    bar = st.container()  # drawn with none chosen too: the images must not move under a click
    with page_of(shown, PER_PAGE, key="edit_page") as part:
        first = part[0].content if part else ""
        chosen = gallery(
            [tile(dataset, image) for image in part],
            key=f"edit-{dataset.id}-{dataset.version}-{label}-{first}",
            label=t("Images to choose from"),
            selectable=True,
        )
    with bar:
        act(ws, dataset, chosen, names, key="edit")
    classes.draw(ws, dataset)


def act(
    ws: Workspace, dataset: Dataset, chosen: tuple[str, ...], names: list[str], *, key: str
) -> None:
    """Draw what can be done with chosen images, or could be done."""
    with st.container(horizontal=True, vertical_alignment="bottom", border=True):
        st.markdown(f"**{nt('{num} image chosen', '{num} images chosen', num=len(chosen))}**")
        target = st.selectbox(
            t("Move to class"),
            names,
            index=None,
            placeholder=t("Choose or type a name"),
            accept_new_options=True,
            key=f"target-{key}",
            width=220,
        )
        icon = ":material/drive_file_move:"
        moved = st.button(t("Move"), icon=icon, disabled=not (target and chosen), key=f"move-{key}")
        change(ws, moved, lambda: curation.relabel(ws, dataset.id, chosen, str(target)))
        icon = ":material/visibility_off:"
        left_out = st.button(t("Leave out"), icon=icon, disabled=not chosen, key=f"leave-{key}")
        change(ws, left_out, lambda: curation.exclude(ws, dataset.id, chosen))


def draw_changes(ws: Workspace, dataset: Dataset) -> None:
    """Say what was changed last, and offer to take it back."""
    echo()
    newest = versions.latest_edit(ws, dataset.id)
    if newest is None:
        st.caption(t("Every change makes a new version. The images you brought are never changed."))
        return
    number, last = newest
    with st.container(horizontal=True, vertical_alignment="center"):
        text = t("Version {number}: {what}", number=number, what=last.what)
        st.markdown(f":material/history: {md(text)}", width="stretch")
        key = f"undo-{number}"  # a press in a tab that shows an older version takes nothing back
        undone = last.parent is not None and st.button(t("Undo"), icon=":material/undo:", key=key)
        change(ws, undone, lambda: curation.undo(ws, dataset.id))
