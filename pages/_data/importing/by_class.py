"""The Data page's way to collect images class by class, from files or from the camera."""

import streamlit as st

from core.ingest import requests
from core.web import uploads
from core.workspace import Workspace
from pages._data.importing import upload
from pages._shared import widgets
from pages._shared.widgets import md, nt, t
from pages.components.webcam import webcam


def draw(ws: Workspace) -> None:
    """Draw the collection: the class, where its images come from, what there is so far."""
    ingest_id = _collection(ws)
    rows = uploads.received(ws.ingest(ingest_id).incoming)
    st.markdown(t("Name a class, give it images, then go on with the next class."))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            t("Class"), placeholder=t("for example: cat"), max_chars=60, key="class_name", live=True
        )
        origin = st.segmented_control(
            t("Images from"),
            ["files", "camera"],
            default="files",
            required=True,
            format_func=lambda way: {"files": t("Files"), "camera": t("Camera")}[way],
            key="origin",
        )
    _add(ws, ingest_id, rows, into=upload.plain_name(name), origin=origin)
    _so_far(ws, ingest_id, rows)


def _collection(ws: Workspace) -> str:
    """Find the collection that the address names, so that a reload loses no image."""
    asked = st.query_params.get("collection", "")
    if asked and uploads.is_open(ws, asked):
        st.session_state["collection"] = asked
    ingest_id = upload.upload_id(ws, "collection")
    if asked != ingest_id:
        widgets.rename(collection=ingest_id)
    return ingest_id


def _add(
    ws: Workspace, ingest_id: str, rows: tuple[uploads.StoredFile, ...], *, into: str, origin: str
) -> None:
    if not into:
        st.caption(t("Type the name of the class first."))
        return
    first = uploads.next_number(rows)
    if origin == "camera":
        ticket = widgets.upload_ticket(ingest_id)
        added = bool(webcam(key=f"camera-{ingest_id}", ticket=ticket, first=first, into=into))
    else:
        added = bool(upload.field(ws, ingest_id, key="files", first=first, into=into))
    if added:
        st.rerun()  # with the next free number


def _so_far(ws: Workspace, ingest_id: str, rows: tuple[uploads.StoredFile, ...]) -> None:
    if not rows:
        return
    st.subheader(t("What you have so far"))
    with st.grid("auto", min_column_width=140):
        for label, count in uploads.by_class(rows).items():
            st.metric(md(label) or t("(no folder)"), count, border=True)
    with (
        st.form("finish", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        name = st.text_input(t("Name of the data set"), value=t("My images"), max_chars=80)
        if st.form_submit_button(
            nt("Make a data set of {num} image", "Make a data set of {num} images", num=len(rows)),
            type="primary",
            icon=":material/check:",
        ):
            del st.session_state["collection"]
            upload.begin(ws, ingest_id, name=name)
    if st.button(t("Throw these away"), icon=":material/delete:", key="throw_away"):
        requests.discard(ws, ingest_id)
        st.rerun()
