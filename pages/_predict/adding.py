"""Marked images are added to the data set of the model: offered, followed, and taken back."""

from collections.abc import Iterable

import streamlit as st

from core import datasets
from core.datasets import curation, versions
from core.errors import UserError
from core.ingest import marked, requests
from core.ingest.marked import MarkedPicture
from core.records import IngestStage, Run
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import md, nt, t

_ADDING = "adding"  # of this session: the ingest that adds them
_BUSY = (IngestStage.RECEIVING, IngestStage.READING, IngestStage.ASKING)


def is_pressed(ws: Workspace, run: Run, num: int) -> bool:
    """Offer to add so many images to the data set of a run; tell whether that was pressed."""
    if not num:
        return False
    if run.config.dataset_id not in datasets.ids(ws):
        st.caption(t("The data set of this run was deleted, so nothing can be added to it."))
        return False
    name = datasets.latest(ws, run.config.dataset_id).name
    label = nt(
        "Add {num} image to '{name}'", "Add {num} images to '{name}'", num=num, name=md(name)
    )
    about = t("Each as what you said it is, as a new version. Undo takes it back.")
    icon = ":material/add_photo_alternate:"
    return st.button(label, type="primary", icon=icon, help=about, key="add-marked")


def begin(ws: Workspace, run: Run, pictures: Iterable[MarkedPicture]) -> None:
    """Have images added to the data set of a run. Raises `UserError` where that cannot be."""
    dataset = datasets.latest(ws, run.config.dataset_id)
    st.session_state[_ADDING] = marked.add_to(ws, dataset.id, dataset.name, pictures)


def draw_status(ws: Workspace) -> None:
    """Say how it goes with what is being added, and offer the way back."""
    if _ADDING not in st.session_state:
        return
    with widgets.mendable():
        if requests.state(ws, st.session_state[_ADDING]).stage in _BUSY:
            _wait(ws)
        else:
            _ended(ws)


@fragment_every("1s")
@widgets.mendable()  # it runs alone, outside the page's own
def _wait(ws: Workspace) -> None:
    state = requests.state(ws, st.session_state[_ADDING])
    if state.stage not in _BUSY:
        st.rerun()
    doing = t("Adding images to '{name}'…", name=md(state.name))
    st.markdown(f":material/hourglass: {doing}")


def _ended(ws: Workspace) -> None:
    state = requests.state(ws, st.session_state[_ADDING])
    if state.stage is not IngestStage.DONE:
        if state.error:
            widgets.draw_problem(UserError.of(state.error))
        return
    newest = versions.latest_edit(ws, state.dataset_id)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="added"):
        what = (
            t("Version {number}: {what}", number=newest[0], what=newest[1].what) if newest else ""
        )
        st.markdown(f":material/check: {md(state.name)} · {md(what)}", width="stretch")
        if newest and st.button(t("Undo"), icon=":material/undo:", key=f"undo-{newest[0]}"):
            curation.undo(ws, state.dataset_id)
            del st.session_state[_ADDING]
            st.rerun()
        if st.button(t("Open the data set"), icon=":material/arrow_forward:", key="open-added"):
            widgets.go("data.py", dataset=state.dataset_id)
