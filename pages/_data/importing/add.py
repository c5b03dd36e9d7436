"""The Data page's way to add images to a data set that is there."""

import streamlit as st

from core.ingest import requests
from core.records import Dataset
from core.records.imports import Options
from core.workspace import Workspace
from pages._data.importing import name_encoding, upload
from pages._shared.widgets import t


def draw(ws: Workspace, dataset: Dataset) -> None:
    """Draw the class they belong to and the upload field."""
    st.caption(
        t(
            "New images make a new version. The old test images stay test images, and runs "
            "remember which version they learned from."
        )
    )
    names = [row.name for row in dataset.listed]
    into = st.selectbox(
        t("Class of the new images"),
        ["", *names],
        format_func=lambda name: name or t("As their folders say"),
        key="add_into",
        width=320,
    )
    ingest_id = upload.upload_id(ws, "addition")
    answer = upload.field(ws, ingest_id, key="add", into=into)
    if answer and answer.get("cancelled"):
        requests.discard(ws, ingest_id)
        st.rerun()
    if answer and answer["sent"]:
        st.session_state["addition_sent"] = ingest_id
    if st.session_state.get("addition_sent") != ingest_id:
        return
    encoding = name_encoding.choose(upload.archive(ws, ingest_id))
    if encoding is not None:
        del st.session_state["addition"]
        options = Options(dataset_id=dataset.id, encoding=encoding)
        upload.begin(ws, ingest_id, name=dataset.name, options=options)
