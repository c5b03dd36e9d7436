"""The Data page's menu for one data set: rename it, delete it."""

import streamlit as st

from core import datasets
from core.records import Dataset
from core.workspace import Workspace
from pages._shared import run_words, trash, widgets
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import md, nt, t


def draw(ws: Workspace, dataset: Dataset) -> None:
    """Draw the menu."""
    with st.popover(t("More"), icon=":material/more_horiz:", key="more", on_change="rerun"):
        st.caption(t("Made on {when}", when=run_words.when(dataset.created_at)))
        with st.form("naming", border=False), widgets.mendable():
            name = st.text_input(t("Name"), value=dataset.name, max_chars=80, key="new_name")
            if st.form_submit_button(t("Rename"), icon=":material/edit:", key="rename"):
                datasets.rename(ws, dataset.id, name)
                st.rerun()
        icon = ":material/delete:"
        if st.button(t("Delete…"), icon=icon, key="delete", on_click=_close):
            ask = dialog(t("Delete this data set?"), icon=":material/delete:")
            ask(_confirm)(ws, dataset)


def _close() -> None:
    """Close the menu, which would lie over the question."""
    st.session_state["more"] = False


def _confirm(ws: Workspace, dataset: Dataset) -> None:
    st.markdown(
        nt(
            "Move '{name}' with its {num} image into the trash?",
            "Move '{name}' with its {num} images into the trash?",
            num=dataset.num_images,
            name=md(dataset.name),
        )
    )
    st.caption(t("It can be put back for 7 days. Models that were trained with it stay."))
    trash.warn_of_needs(ws, dataset.id)
    with st.container(horizontal=True), widgets.mendable():
        if st.button(t("Delete"), type="primary", key="really_delete"):
            datasets.delete(ws, dataset.id)
            st.query_params.pop("dataset", None)
            st.rerun()
        if st.button(t("Keep it"), key="keep"):
            st.rerun()
