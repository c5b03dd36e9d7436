"""What can be taken away of a folder's answers: tables, and the images sorted by class."""

import streamlit as st

from core.batch_predictions import sorting, store
from core.batch_predictions.store import Batch
from core.errors import UserError
from core.records.batches import BatchStage
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import language, nt, t, url


def draw(ws: Workspace, batch: Batch) -> None:
    """Draw the links to the tables and to the ZIP, which is made when it is asked for."""
    base = f"/api/predictions/{batch.id}"
    told = sorting.state(ws, batch.id)
    with st.container(horizontal=True):
        for suffix, label in ((".csv", t("Table (CSV)")), (".xlsx", t("Table (Excel)"))):
            link = url(f"{base}/table{suffix}?lang={language()}")
            st.link_button(label, link, icon=":material/download:", key=f"table{suffix}")
        if told and told.stage is BatchStage.DONE:
            link = url(f"{base}/sorted.zip")
            label = t("ZIP sorted by class")
            st.link_button(label, link, icon=":material/download:", key="sorted-zip")
        elif (
            batch.request.target is None
            and (told is None or told.stage is BatchStage.FAILED)
            and st.button(
                t("Make a ZIP sorted by class"),
                icon=":material/folder_zip:",
                help=t("Copies of your images, in a folder for each class that the model named."),
                key="make-zip",
            )
        ):
            sorting.request(ws, batch.id)
            st.rerun()
    if told and told.stage in store.ACTIVE:
        _progress(ws, batch.id)
    elif told and told.error:
        widgets.draw_problem(UserError.of(told.error))
    elif told and told.num_others:
        num = told.num_others
        lost = nt(
            "{num} image is not in the ZIP: it could not be read any more.",
            "{num} images are not in the ZIP: they could not be read any more.",
            num=num,
        )
        st.caption(lost)


@fragment_every("1s")
@widgets.mendable()  # it runs alone, outside the page's own
def _progress(ws: Workspace, batch_id: str) -> None:
    told = sorting.state(ws, batch_id)
    if told is None or told.stage not in store.ACTIVE:
        st.rerun()
    share = told.done / told.total if told.total else 0.0
    st.progress(min(share, 1.0), text=t("Packing the images…"))
