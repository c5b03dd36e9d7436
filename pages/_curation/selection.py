"""What can be done with images that were chosen: move them to a class, or leave them out."""

import streamlit as st

from core.datasets import curation
from core.records import Dataset
from core.workspace import Workspace
from pages._curation import correcting
from pages._curation.editing import change
from pages._shared.widgets import nt, t


def draw(
    ws: Workspace, dataset: Dataset, chosen: tuple[str, ...], *, key: str, keeps: bool = False
) -> None:
    """Draw what can be done with chosen images, or could be done: nothing moves under a click.

    ``keeps``: labels that look wrong can be kept, too.
    """
    if dataset.target is not None:
        correcting.draw_bar(ws, dataset, dataset.target, chosen, key=key)
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        about = t("Every change makes a new version. The images you brought are never changed.")
        num = nt("{num} image chosen", "{num} images chosen", num=len(chosen))
        st.markdown(f"**{num}**", help=about)
        if keeps:
            _keep(ws, dataset, chosen, key)
        target = st.selectbox(
            t("Move to class"),
            [row.name for row in dataset.listed],
            index=None,
            placeholder=t("Type or choose"),
            accept_new_options=True,
            key=f"target-{key}",
            label_visibility="collapsed",
            width=160,
        )
        icon = ":material/drive_file_move:"
        moved = st.button(t("Move"), icon=icon, disabled=not (target and chosen), key=f"move-{key}")
        change(ws, moved, lambda: curation.relabel(ws, dataset.id, chosen, str(target)))
        icon = ":material/visibility_off:"
        left_out = st.button(t("Leave out"), icon=icon, disabled=not chosen, key=f"leave-{key}")
        change(ws, left_out, lambda: curation.exclude(ws, dataset.id, chosen))


def _keep(ws: Workspace, dataset: Dataset, chosen: tuple[str, ...], key: str) -> None:
    about = t(
        "They look wrong to the model, but are right. The Data page does not list them again."
    )
    icon = ":material/check:"
    kept = st.button(t("Keep the labels"), icon=icon, help=about, disabled=not chosen,
                     key=f"keep-{key}")  # fmt: skip
    change(ws, kept, lambda: curation.keep(ws, dataset.id, chosen))
