"""Bring a run in that was downloaded elsewhere: sent, looked through, opened once, kept."""

import streamlit as st

from core.backups.single import bringing
from core.errors import UserError
from core.ingest import requests
from core.web import uploads
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.widgets import go, mendable, t
from pages.components.file_sender import file_sender

_UPLOAD, _REFUSED = "run-upload", "run-refused"


def draw(ws: Workspace) -> None:
    """Draw the way to a run from elsewhere."""
    part = st.expander(
        t("Bring a run in"), icon=":material/upload:", key="bring-run", on_change="rerun"
    )
    if part.open:
        with part, mendable():
            st.caption(t(
                "The ZIP of a run that was downloaded on its page, here or on another computer. "
                "Its model is looked through before it is opened. Its images are not in it."
            ))  # fmt: skip
            if refused := st.session_state.pop(_REFUSED, None):
                widgets.draw_problem(refused)
            _receive(ws)


def _receive(ws: Workspace) -> None:
    upload = st.session_state.get(_UPLOAD, "")
    if not upload or not uploads.is_open(ws, upload):
        upload = st.session_state[_UPLOAD] = requests.begin(ws)
    ticket = widgets.upload_ticket(upload)
    if not file_sender(key=f"run-file-{upload}", ticket=ticket, suffix=".zip"):
        return
    run_id = ""
    try:
        with st.spinner(t("Looking through the file, then loading it once…")):
            incoming = ws.ingest(upload).incoming
            path = incoming / uploads.received(incoming)[0].stored
            run_id = bringing.bring(ws, path)
    except UserError as error:
        st.session_state[_REFUSED] = error
    finally:
        requests.discard(ws, st.session_state.pop(_UPLOAD))
    if run_id:
        go("runs.py", run=run_id)
    st.rerun()
