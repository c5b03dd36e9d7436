"""The Data page's changes to whole classes: rename one, merge several, leave one out."""

import streamlit as st

from core import curation
from core.records import Dataset
from core.workspace import Workspace
from pages import _shared
from pages._shared import t


def draw(ws: Workspace, dataset: Dataset) -> None:
    """Draw the three changes."""
    names = [row.name for row in dataset.classes]
    with st.expander(t("Change whole classes"), icon=":material/category:"), st.grid(3):
        _rename(ws, dataset, names)
        _merge(ws, dataset, names)
        _exclude(ws, dataset, names)


def _rename(ws: Workspace, dataset: Dataset, names: list[str]) -> None:
    with st.form("rename_class"), _shared.mendable():
        old = st.selectbox(t("Rename the class"), names, key="old_class")
        new = st.text_input(t("New name"), max_chars=60, key="new_class")
        if st.form_submit_button(t("Rename"), key="do_rename_class", width="stretch"):
            curation.rename_class(ws, dataset.id, old, new)
            st.rerun()


def _merge(ws: Workspace, dataset: Dataset, names: list[str]) -> None:
    with st.form("merge_classes"), _shared.mendable():
        merged = st.multiselect(t("Merge these classes"), names, key="merged")
        into = st.text_input(t("Name of the merged class"), max_chars=60, key="into")
        if st.form_submit_button(t("Merge"), key="do_merge", width="stretch"):
            curation.merge_classes(ws, dataset.id, merged, into)
            st.rerun()


def _exclude(ws: Workspace, dataset: Dataset, names: list[str]) -> None:
    with st.form("exclude_class"), _shared.mendable():
        label = st.selectbox(t("Leave out the class"), names, key="excluded_class")
        st.caption(t("Undo brings it back."))
        if st.form_submit_button(t("Leave out"), key="do_exclude_class", width="stretch"):
            curation.exclude_class(ws, dataset.id, label)
            st.rerun()
