"""Whole folders and archives of images: brought here, worked through in the background, listed."""

from pathlib import Path

import streamlit as st

from core.batch_predictions import store
from core.batch_predictions.store import Batch
from core.ingest import requests
from core.records import Run
from core.trash import TrashKind
from core.web import uploads
from core.workspace import Workspace
from pages._predict.folders import batch as one
from pages._shared import address, run_words as words, trash, widgets
from pages._shared.paging import page_of
from pages._shared.widgets import md, nt, t
from pages.components.folder_uploader import folder_uploader

PER_PAGE = 10
_UPLOAD = "batch-upload"  # of this session: the staging of what is being sent


def draw(ws: Workspace, run: Run) -> None:
    """Draw the batch that the address names, or the ways to bring one and those of before."""
    store.try_to_revive(ws)
    chosen = st.query_params.get("batch", "")
    if chosen:
        st.button(t("All folders"), icon=":material/arrow_back:", key="back", on_click=_leave)
        one.draw(ws, chosen)
        return
    named = t(
        "All images in it and in its sub-folders are named by the model: counts, a table, and "
        "a ZIP sorted by class. It goes on when you leave this page."
    )
    read = t(
        "The model reads a number off all images in it and in its sub-folders, with a table. Where "
        "a list beside them or the names of folders tell the numbers, it is judged by them. It "
        "goes on when you leave this page."
    )
    st.caption(read if run.card is not None and run.card.target else named)
    _upload(ws, run)
    if widgets.is_local():
        _local(ws, run)
    _earlier(ws)


def _leave() -> None:
    address.step(batch=None)


def _follow(batch_id: str) -> None:
    address.step(batch=batch_id)
    st.rerun()


def _upload(ws: Workspace, run: Run) -> None:
    current = st.session_state.get(_UPLOAD, "")
    if not current or not uploads.is_open(ws, current):
        current = st.session_state[_UPLOAD] = requests.begin(ws)
    answer = folder_uploader(
        key=f"batch-{current}",
        ticket=widgets.upload_ticket(current),
        lead=t("Images in any sub-folders; thousands are no trouble."),
    )
    if not answer:
        return
    if answer.get("cancelled") or not answer["sent"]:
        requests.discard(ws, current)
        st.rerun()
    if answer["failed"]:
        lost = nt(
            "{num} file could not be sent.", "{num} files could not be sent.", num=answer["failed"]
        )
        st.toast(lost, icon=":material/wifi_off:")
    name = str(answer.get("name") or t("My images"))
    _follow(store.begin(ws, run.id, name=name, uploaded=str(current)))


def _local(ws: Workspace, run: Run) -> None:
    with st.form("batch-folder", border=False):
        path = st.text_input(
            t("Path of a folder or a ZIP file on this computer"),
            placeholder="/home/me/pictures/2026",
            key="batch_path",
            persist_state="session",
        )
        is_number = run.card is not None and run.card.target is not None
        label = t("Read all of them") if is_number else t("Name all of them")
        asked = st.form_submit_button(label, icon=":material/folder_open:")
    if asked and path.strip():
        source = Path(path.strip().strip("'\""))
        _follow(store.begin(ws, run.id, name=source.name or str(source), source=source))


def _earlier(ws: Workspace) -> None:
    """Draw what was looked through before, newest first."""
    trash.draw_undo(ws, TrashKind.BATCH)
    if batches := store.listing(ws):
        st.subheader(t("Folders of before"), anchor=False)
        with page_of(batches, PER_PAGE, key="batches_page") as part:
            for batch in part:
                _line(batch)
    trash.draw(ws)


def _line(batch: Batch) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        icon, word = one.STAGES[batch.state.stage]
        num = nt("{num} image", "{num} images", num=batch.state.done)
        when = words.when(batch.request.created_at)
        st.markdown(
            f"{icon} **{md(batch.request.name)}** · {t(word)} · {num} · {when}", width="stretch"
        )
        if st.button(t("Open"), icon=":material/arrow_forward:", key=f"open-{batch.id}"):
            _follow(batch.id)
