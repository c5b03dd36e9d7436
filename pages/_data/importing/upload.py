"""The Data page's upload: a folder, an archive or images, sent and then read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from core.classroom import quotas
from core.ingest import requests
from core.ingest.archives import not_uploaded
from core.records.imports import Options
from core.runs import executors
from core.web import uploads
from core.workspace import Workspace
from pages._data import first_model
from pages._data.importing import ingest, name_encoding, together
from pages._shared import widgets
from pages._shared.widgets import nt, t
from pages.components.folder_uploader import folder_uploader

_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz")


def upload_id(ws: Workspace, key: str) -> str:
    """Give the staging of this session's upload, a new one when the last was used up."""
    current = st.session_state.get(key, "")
    if not current or not uploads.is_open(ws, current):
        current = requests.begin(ws, "")
        st.session_state[key] = current
    return str(current)


def draw(ws: Workspace) -> None:
    """Draw the upload field, and have what it sent read."""
    ingest_id = upload_id(ws, "upload")
    answer = field(ws, ingest_id, key="uploader", quick=True)
    _layouts()
    options = Options(group_by=together.choose_way())
    if answer:
        st.session_state["sent"] = answer
    _go_on(ws, ingest_id, options)


def field(ws: Workspace, ingest_id: str, *, key: str, **asked: Any) -> dict[str, Any] | None:
    """Draw the upload field of an ingest; what the browser does not send is noted."""
    ticket = widgets.upload_ticket(ingest_id)
    answer = folder_uploader(key=f"{key}-{ingest_id}", ticket=ticket, **asked)
    if answer and answer.get("left"):
        not_uploaded.note(ws, ingest_id, answer["left"])
    return answer


def _go_on(ws: Workspace, ingest_id: str, options: Options) -> None:
    """Read what was sent; if some of it was lost on the way, ask first."""
    sent = st.session_state.get("sent")
    if not sent:
        return
    go_on, again = not sent["failed"], bool(sent.get("cancelled"))
    if not go_on and not again:
        st.warning(
            nt(
                "{num} file could not be sent.",
                "{num} files could not be sent.",
                num=int(sent["failed"]),
            ),
            icon=":material/wifi_off:",
        )
        with widgets.mendable():
            quotas.check_room(ws, uploads.MAX_BODY_BYTES)  # that may be why
        with st.container(horizontal=True):
            go_on = st.button(t("Go on without them"), icon=":material/arrow_forward:")
            again = st.button(t("Start over"), icon=":material/restart_alt:")
    encoding = name_encoding.choose(archive(ws, ingest_id)) if go_on else ""
    if encoding is None:
        return
    if again or go_on:
        del st.session_state["upload"], st.session_state["sent"]
    if again:
        requests.discard(ws, ingest_id)
        st.rerun()
    if go_on:
        if sent.get("quick"):
            first_model.ask(ingest_id)
            executors.wake(ws)
        options = replace(options, encoding=encoding)
        begin(ws, ingest_id, name=str(sent.get("name") or ""), options=options)


def plain_name(name: str) -> str:
    """Make a name that was typed one that can be a folder."""
    return " ".join(name.replace("/", " ").replace("\\", " ").split()).strip(".")


def begin(ws: Workspace, ingest_id: str, *, name: str, options: Options | None = None) -> None:
    """Have what has arrived read, and follow it: an archive as such, else all files."""
    source = archive(ws, ingest_id)
    requests.start(ws, ingest_id, source, name.strip() or t("My images"), options=options)
    ingest.follow(ingest_id)


def archive(ws: Workspace, ingest_id: str) -> Path | None:
    """Give the archive that arrived, where it arrived alone."""
    incoming = ws.ingest(ingest_id).incoming
    rows = uploads.received(incoming)
    alone = len(rows) == 1 and rows[0].file.lower().endswith(_ARCHIVES)
    return incoming / rows[0].stored if alone else None


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
