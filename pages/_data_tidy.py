"""The Data page's tidying: leave images out, move them to another class, and take it back."""

import streamlit as st

from core import curation, versions
from core.records import Dataset, ImageRecord, Split
from core.workspace import Workspace
from pages import _data_classes_edit, _shared
from pages._shared import choose, md, nt, t
from pages.components.gallery import Tile, gallery, thumbnail_url

PER_PAGE = 60


def draw(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw what was changed, the pictures to choose from, and what can be done with them."""
    draw_changes(ws, dataset)
    names = [row.name for row in dataset.classes]
    label = choose(
        st.selectbox,
        t("Class"),
        ["", *names],
        default="",
        format_func=lambda name: name or t("All classes"),
        key="class",
    )
    shown = [i for i in images if i.split is not Split.TEST and label in ("", i.label)]
    num_pages = max(1, -(-len(shown) // PER_PAGE))
    bar, slot = st.container(), st.container()
    number = st.pagination(num_pages, key="tidy_page") if num_pages > 1 else 1
    with slot:
        chosen = gallery(
            [tile(dataset, image) for image in shown[(number - 1) * PER_PAGE :][:PER_PAGE]],
            key=f"tidy-{dataset.id}-{dataset.version}-{label}-{number}",
            label=t("Images to choose from"),
            selectable=True,
        )
    with bar:
        if chosen:
            act(ws, dataset, chosen, names, key="tidy")
        else:
            st.caption(t("Click images to choose them; then leave them out or move them."))
    _data_classes_edit.draw(ws, dataset)


def tile(dataset: Dataset, image: ImageRecord) -> Tile:
    """Make a picture that can be chosen."""
    return Tile(
        id=versions.key(image),
        src=thumbnail_url(dataset.id, image.content),
        alt=t("{file}, class {label}", file=image.file, label=image.label),
        caption=image.label,
    )


def act(
    ws: Workspace, dataset: Dataset, chosen: tuple[str, ...], names: list[str], *, key: str
) -> None:
    """Draw what can be done with chosen images."""
    with (
        st.container(horizontal=True, vertical_alignment="bottom", border=True),
        _shared.mendable(),
    ):
        st.markdown(f"**{nt('{num} image chosen', '{num} images chosen', num=len(chosen))}**")
        target = st.selectbox(
            t("Move to class"),
            names,
            index=None,
            accept_new_options=True,
            key=f"target-{key}",
            width=220,
        )
        move = t("Move")
        icon = ":material/drive_file_move:"
        if st.button(move, icon=icon, disabled=not target, key=f"move-{key}"):
            curation.relabel(ws, dataset.id, chosen, str(target))
            st.rerun()
        if st.button(t("Leave out"), icon=":material/visibility_off:", key=f"leave-{key}"):
            curation.exclude(ws, dataset.id, chosen)
            st.rerun()


def draw_changes(ws: Workspace, dataset: Dataset) -> None:
    """Say what was changed last, and offer to take it back."""
    history = versions.history(ws, dataset.id)
    if not history:
        st.caption(t("Every change makes a new version. The images you brought are never changed."))
        return
    with st.container(horizontal=True, vertical_alignment="center"), _shared.mendable():
        number, last = history[-1]
        text = t("Version {number}: {what}", number=number, what=last.what)
        st.markdown(f":material/history: {md(text)}", width="stretch")
        if curation.can_undo(ws, dataset.id) and st.button(t("Undo"), icon=":material/undo:"):
            curation.undo(ws, dataset.id)
            st.rerun()
