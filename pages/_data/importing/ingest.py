"""The Data page while images are being read: progress, stop, and how it ended."""

import streamlit as st

from core import durations
from core.errors import UserError
from core.ingest import requests
from core.records import IngestStage, IngestState
from core.runs import executors
from core.workspace import Workspace
from pages._data.importing import questions
from pages._shared import widgets
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import md, nt, t

WORTH_WARMING = 100  # images: to read them takes long enough for TensorFlow to be loaded beside it
_BUSY = (IngestStage.RECEIVING, IngestStage.READING)  # receiving: its process is just starting


def under_way(ws: Workspace) -> bool:
    """Draw the ingest that the address names, and tell whether the page is about it."""
    ingest_id = st.query_params.get("ingest", "")
    if not ingest_id:
        return False
    try:
        state = requests.state(ws, ingest_id)
    except UserError:  # an old link
        _forget()
        return False
    if state.stage is IngestStage.DONE:
        brought = dict.fromkeys(("ingest", "view", "way", "collection", "part", "kind"))
        widgets.rename(**brought, dataset=state.dataset_id)
        return True
    _draw(ws, ingest_id, state)
    return True


def follow(ingest_id: str) -> None:
    """Put an ingest into the address, so that a reload finds it, and show it."""
    st.query_params["ingest"] = ingest_id
    st.rerun()


def _forget() -> None:
    if "ingest" in st.query_params:
        del st.query_params["ingest"]


def _draw(ws: Workspace, ingest_id: str, state: IngestState) -> None:
    name = md(state.name)
    if state.stage in _BUSY:
        _progress(ws, ingest_id)
        st.caption(t("You may close this page: the work goes on, and this address finds it again."))
        return
    if state.stage is IngestStage.ASKING:
        questions.draw(ws, ingest_id, state)
        return
    if state.stage is IngestStage.STOPPED:
        st.info(t("Reading '{name}' was stopped. Nothing was kept.", name=name))
    elif state.error:
        widgets.draw_problem(UserError.of(state.error))
    if st.button(t("Start again"), type="primary", icon=":material/restart_alt:", key="again"):
        requests.discard(ws, ingest_id)
        _forget()
        st.rerun()


@fragment_every("1s")
@widgets.mendable()  # it runs alone, outside the page's own
def _progress(ws: Workspace, ingest_id: str) -> None:
    state = requests.state(ws, ingest_id)
    if state.stage not in _BUSY:
        st.rerun()
    name = md(state.name)
    st.subheader(t("Reading the images of '{name}'", name=name) if name else t("Reading images"))
    if state.total >= WORTH_WARMING:
        executors.wake(ws)
    share = state.done / state.total if state.total else 0.0
    st.progress(min(share, 1.0), text=_sentence(state))
    if st.button(t("Stop"), icon=":material/stop_circle:", key="stop_ingest"):
        requests.request_stop(ws, ingest_id)
        st.toast(t("Stopping…"))


def _sentence(state: IngestState) -> str:
    if not state.total:
        return t("Looking at the files…")
    parts = [nt("{done} of {num} file", "{done} of {num} files", num=state.total, done=state.done)]
    if state.eta_seconds is not None:
        parts.append(t("about {time} left", time=t(durations.left(state.eta_seconds))))
    return " · ".join(parts)


def draw_running(ws: Workspace) -> None:
    """Offer to watch what other tabs, or the command line, began."""
    for ingest_id in requests.open_ingests(ws):
        state = requests.state(ws, ingest_id)
        if state.stage is IngestStage.RECEIVING:
            continue
        asks, name = state.stage is IngestStage.ASKING, md(state.name)
        asking = t("'{name}' waits for an answer.", name=name)
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            about = asking if asks else t("'{name}' is being read.", name=name)
            st.markdown(about, width="stretch")
            if st.button(
                t("Answer") if asks else t("Watch"),
                icon=":material/visibility:",
                key=f"watch-{ingest_id}",
            ):
                follow(ingest_id)
