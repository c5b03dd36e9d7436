"""The Data page's third tab: images for a data set that is there, or for a new one."""

import streamlit as st

from core.ingest import requests
from core.records import Dataset
from core.records.imports import Options
from core.web import uploads
from core.workspace import Workspace
from pages._data.importing import ingest, name_encoding, upload, ways
from pages._shared import address, widgets
from pages._shared.widgets import nt, t
from pages.components.webcam import webcam


def is_new() -> bool:
    """Tell whether the address means a new data set."""
    return st.query_params.get("view") == "bring"


def draw(ws: Workspace, dataset: Dataset | None) -> None:
    """Draw what the images are for, and the ways to bring them."""
    titles = {"look": t("To this data set"), "bring": t("New data set")}
    st.session_state["pick-view"] = "look" if dataset else "bring"
    st.segmented_control(
        t("Add images"),
        list(titles),
        format_func=lambda name: titles[name],
        key="pick-view",
        required=True,
        on_change=_picked,
    )
    if dataset is None:
        ways.draw(ws)
    else:
        ingest.draw_running(ws)
        _more(ws, dataset)


def _picked() -> None:
    new = st.session_state["pick-view"] == "bring"
    address.step(part="add", view="bring" if new else None)


def _more(ws: Workspace, dataset: Dataset) -> None:
    """Draw the ways to add to a data set."""
    st.caption(
        t(
            "New images make a new version. The old test images stay test images, and runs "
            "remember which version they learned from."
        )
    )
    origins = {"files": t("Files"), "camera": t("Camera")}
    if dataset.target is not None:  # a number comes with a list
        del origins["camera"]
        st.caption(t("Bring the images together with a list that says their numbers, as before."))
    if widgets.is_local():
        origins["folder"] = t("Folder on this computer")
    origin = st.segmented_control(
        t("Images from"),
        list(origins),
        default="files",
        required=True,
        format_func=lambda name: origins[name],
        key="add_from",
        wrap=True,
    )
    if origin == "folder":
        ways.draw_folder(ws, dataset.id)
    elif origin == "camera":
        _camera(ws, dataset)
    else:
        _files(ws, dataset)


def _choose_class(dataset: Dataset, nothing: str) -> str:
    """Draw the choice of a class that is there, or of a new one."""
    chosen = st.selectbox(
        t("Class of the new images"),
        ["", *(row.name for row in dataset.listed)],
        format_func=lambda name: name or nothing,
        accept_new_options=True,
        key="add_into",
        width=320,
    )
    return upload.plain_name(chosen or "")


def _files(ws: Workspace, dataset: Dataset) -> None:
    into = "" if dataset.target else _choose_class(dataset, t("As their folders say"))
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


def _camera(ws: Workspace, dataset: Dataset) -> None:
    """Draw the camera, and what it took so far, which is added with one press."""
    into = _choose_class(dataset, t("Choose, or type a new class"))
    if not into:
        return
    ingest_id = upload.upload_id(ws, "taken")
    rows = uploads.received(ws.ingest(ingest_id).incoming)
    ticket = widgets.upload_ticket(ingest_id)
    first = uploads.next_number(rows)
    if webcam(key=f"camera-{ingest_id}", ticket=ticket, first=first, into=into):
        st.rerun()  # with the next free number
    label = nt("Add {num} image", "Add {num} images", num=len(rows))
    if rows and st.button(label, type="primary", icon=":material/check:", key="add_taken"):
        del st.session_state["taken"]
        options = Options(dataset_id=dataset.id)
        upload.begin(ws, ingest_id, name=dataset.name, options=options)
