"""The Data page's ways to bring images: upload, class by class, a folder here, the sample."""

from pathlib import Path

import streamlit as st

from core import sample, uploads
from core.ingest import requests
from core.workspace import Workspace
from pages import _data_classes, _data_ingest, _shared
from pages._shared import t
from pages.components.folder_uploader import folder_uploader

_ARCHIVES = (".zip", ".tar", ".tgz", ".gz")


def draw(ws: Workspace) -> None:
    """Draw the ways to bring images and the one that was chosen."""
    _data_ingest.draw_running(ws)
    titles = {
        "upload": (":material/upload:", t("Upload")),
        "classes": (":material/photo_camera:", t("Class by class")),
        "folder": (":material/folder_open:", t("Folder on this computer")),
        "sample": (":material/auto_awesome:", t("Try the sample")),
    }
    if not _shared.is_local():
        titles.pop("folder")
    way = _shared.choose(
        st.segmented_control,
        t("How to bring images"),
        list(titles),
        default="upload",
        required=True,
        format_func=lambda name: " ".join(titles[name]),
        key="way",
        wrap=True,
    )
    ways = {"upload": _upload, "classes": _data_classes.draw, "folder": _folder, "sample": _sample}
    ways[way](ws)


def upload_id(ws: Workspace, key: str) -> str:
    """Give the staging of this session's upload, a new one when the last was used up."""
    current = st.session_state.get(key, "")
    if not current or not uploads.is_open(ws, current):
        current = requests.begin(ws, "")
        st.session_state[key] = current
    return str(current)


def _upload(ws: Workspace) -> None:
    ingest_id = upload_id(ws, "upload")
    answer = folder_uploader(key=f"uploader-{ingest_id}", ticket=_shared.upload_ticket(ingest_id))
    _layouts()
    options = requests.Options(group_by=_together())
    if answer and answer["sent"]:
        del st.session_state["upload"]
        begin(ws, ingest_id, name=str(answer.get("name") or ""), options=options)


def _together() -> str:
    """Ask which images belong together, for a split without leaks."""
    ways = {
        "": t("Only what Thaw finds itself: doubles, near-doubles, camera bursts"),
        "prefix": t("Files whose names begin alike: ward3_001, ward3_002"),
        "folder": t("Files in the same sub-folder of a class"),
    }
    with st.expander(t("Which images belong together?"), icon=":material/link:"):
        st.caption(
            t(
                "Photos of one thing, one person or one day are easy to recognise again. Kept on "
                "one side of the split they cannot make the score look better than it is."
            )
        )
        return str(
            st.radio(
                t("Kept together"),
                list(ways),
                format_func=lambda way: ways[way],
                key="group_by",
                label_visibility="collapsed",
            )
        )


def begin(
    ws: Workspace, ingest_id: str, *, name: str, options: requests.Options | None = None
) -> None:
    """Have what has arrived read, and follow it: an archive as such, else all files."""
    incoming = ws.ingest(ingest_id).incoming
    rows = uploads.received(incoming)
    alone = len(rows) == 1 and rows[0].file.lower().endswith(_ARCHIVES)
    source = incoming / rows[0].stored if alone else None
    requests.start(ws, ingest_id, source, name.strip() or t("My images"), options=options)
    _data_ingest.follow(ingest_id)


def _layouts() -> None:
    with st.expander(t("How should the folder look?"), icon=":material/account_tree:"):
        st.markdown(
            t("One folder for each class. The name of the folder is the name of the class.")
        )
        st.code(
            "fruit/\n  apple/   1.jpg  2.jpg  3.jpg ...\n  banana/  1.jpg  2.jpg ...",
            language=None,
        )
        st.markdown(
            t(
                "Also understood: folders called train, val and test with class folders inside, "
                "and a CSV or JSON file beside the images that says which image is what. JPEG, "
                "PNG, WebP, GIF, BMP, TIFF, AVIF and HEIC images can be read."
            )
        )


def _folder(ws: Workspace) -> None:
    with st.form("folder", border=False):
        path = st.text_input(
            t("Path of a folder or a ZIP file on this computer"),
            placeholder="/home/me/pictures/fruit",
            key="path",
        )
        asked = st.form_submit_button(t("Read it"), type="primary", icon=":material/folder_open:")
    if asked and path.strip():
        source = Path(path.strip().strip("'\"")).expanduser()
        ingest_id = requests.begin(ws, source.stem)
        requests.start(ws, ingest_id, source, source.stem or str(source))
        _data_ingest.follow(ingest_id)


def _sample(ws: Workspace) -> None:
    with st.container(border=True):
        st.markdown(
            t(
                "A few hundred small pictures in four classes, drawn by Thaw itself. They need no "
                "network, and a computer has to learn a little to tell them apart."
            )
        )
        if st.button(t("Try the sample"), type="primary", icon=":material/auto_awesome:"):
            _data_ingest.follow(start_sample(ws))


def start_sample(ws: Workspace) -> str:
    """Draw the sample, have it read, and give the ingest."""
    with st.spinner(t("Drawing pictures…")):
        ingest_id = requests.begin(ws, t("Sample"))
        folder = ws.ingest(ingest_id).path / "sample"
        sample.write(folder)
    requests.start(ws, ingest_id, folder, t("Sample"))
    return ingest_id
