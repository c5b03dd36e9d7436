"""The Data page's ways to bring images: upload, class by class, a folder here, the sample."""

from pathlib import Path

import streamlit as st

from core.classroom import quotas
from core.images import sample
from core.ingest import opening, requests
from core.records.imports import Options
from core.workspace import Workspace
from pages._data.importing import by_class, ingest, name_encoding, upload
from pages._shared import widgets
from pages._shared.widgets import t


def draw(ws: Workspace) -> None:
    """Draw the ways to bring images and the one that was chosen.

    Raises `UserError` for a pupil who has as many data sets as there may be: before the upload.
    """
    ingest.draw_running(ws)
    quotas.check_another_dataset(ws)
    titles = {
        "upload": (":material/upload:", t("Upload")),
        "classes": (":material/photo_camera:", t("Class by class")),
        "folder": (":material/folder_open:", t("Folder on this computer")),
        "sample": (":material/auto_awesome:", t("Try the sample")),
    }
    if not widgets.is_local():
        titles.pop("folder")
    way = widgets.choose_tab(t("How to bring images"), titles, key="way", default="upload")
    ways = {
        "upload": upload.draw,
        "classes": by_class.draw,
        "folder": draw_folder,
        "sample": _sample,
    }
    ways[way](ws)


def draw_folder(ws: Workspace, dataset_id: str = "") -> None:
    """Draw the field for a path on this computer; a data set that is there is added to."""
    with st.form("folder", border=False):
        path = st.text_input(
            t("Path of a folder or a ZIP file on this computer"),
            placeholder="/home/me/pictures/fruit",
            key="path",
            persist_state="session",  # a path that was wrong is mended, not typed again
        )
        asked = st.form_submit_button(t("Read it"), type="primary", icon=":material/folder_open:")
    if asked:
        st.session_state["asked_path"] = path.strip()
    if not (wanted := st.session_state.get("asked_path")):
        return
    source = opening.settled(Path(wanted.strip("'\"")))
    encoding = name_encoding.choose(source)
    if encoding is not None:
        del st.session_state["asked_path"]
        ingest_id = requests.begin(ws, source.stem)
        options = Options(dataset_id=dataset_id, encoding=encoding)
        requests.start(ws, ingest_id, source, source.stem or str(source), options=options)
        ingest.follow(ingest_id)


def _sample(ws: Workspace) -> None:
    with st.container(border=True):
        st.markdown(
            t(
                "A few hundred small pictures in four classes, drawn by Thaw itself. They need no "
                "network, and a computer has to learn a little to tell them apart."
            )
        )
        if st.button(t("Try the sample"), type="primary", icon=":material/auto_awesome:"):
            ingest.follow(start_sample(ws))


def start_sample(ws: Workspace, *, watched: bool = True) -> str:
    """Have the sample read, and give the ingest; who is not ``watched`` is asked nothing."""
    ingest_id = requests.begin(ws, t("Sample"))
    requests.start(ws, ingest_id, sample.FILE, watched=watched)
    return ingest_id
