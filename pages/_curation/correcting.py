"""What can be done with chosen images that have a number each: correct it, or leave them out."""

import streamlit as st

from core.datasets import curation
from core.judging.numbers import written
from core.records import Dataset, Target
from core.workspace import Workspace
from pages._curation.editing import change
from pages._shared.widgets import nt, t


def draw_bar(
    ws: Workspace, dataset: Dataset, target: Target, chosen: tuple[str, ...], *, key: str
) -> None:
    """Draw what can be done with chosen images: another number, or leave them out."""
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        about = t("Every change makes a new version. The images you brought are never changed.")
        num = nt("{num} image chosen", "{num} images chosen", num=len(chosen))
        st.markdown(f"**{num}**", help=about)
        number = st.text_input(
            t(written.titled(target)),
            placeholder=t("Right number"),
            key=f"number-{key}",
            label_visibility="collapsed",
            width=140,
        )
        pressed = st.button(
            t("Correct"),
            icon=":material/edit:",
            disabled=not (number and chosen),
            key=f"correct-{key}",
        )
        change(ws, pressed, lambda: curation.relabel(ws, dataset.id, chosen, number))
        left_out = st.button(
            t("Leave out"), icon=":material/visibility_off:", disabled=not chosen,
            key=f"leave-{key}",
        )  # fmt: skip
        change(ws, left_out, lambda: curation.exclude(ws, dataset.id, chosen))
