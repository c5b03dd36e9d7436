"""The Data page's changes to whole classes: rename one, merge several, leave one out."""

import streamlit as st

from core.datasets import curation
from core.records import Dataset
from core.workspace import Workspace
from pages._curation.editing import change
from pages._shared.widgets import t


def draw(ws: Workspace, dataset: Dataset) -> None:
    """Draw the three changes; what a tab chose in an older version is not done in a newer one."""
    number = dataset.version
    names = [row.name for row in dataset.listed]
    with st.grid(3, min_column_width=220):
        with st.form("rename_class"):
            old = st.selectbox(t("Rename the class"), names, key=f"old_class-{number}")
            new = st.text_input(t("New name"), max_chars=60, key=f"new_class-{number}")
            pressed = _submit(t("Rename"), f"do_rename_class-{number}")
            change(ws, pressed, lambda: curation.rename_class(ws, dataset.id, old, new))
        with st.form("merge_classes"):
            merged = st.multiselect(t("Merge these classes"), names, key=f"merged-{number}")
            into = st.text_input(t("Name of the merged class"), max_chars=60, key=f"into-{number}")
            pressed = _submit(t("Merge"), f"do_merge-{number}")
            change(ws, pressed, lambda: curation.merge_classes(ws, dataset.id, merged, into))
        with st.form("exclude_class"):
            label = st.selectbox(t("Leave out the class"), names, key=f"excluded_class-{number}")
            st.caption(t("Undo brings it back."))
            pressed = _submit(t("Leave out"), f"do_exclude_class-{number}")
            change(ws, pressed, lambda: curation.exclude_class(ws, dataset.id, label))


def _submit(label: str, key: str) -> bool:
    return st.form_submit_button(label, key=key, width="stretch")
