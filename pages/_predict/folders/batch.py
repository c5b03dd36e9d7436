"""One folder of images: how far it is while it is worked on, and what came of it."""

from collections.abc import Mapping

import streamlit as st

from core import durations, runs
from core.batch_predictions import store
from core.batch_predictions.store import Batch
from core.errors import UserError
from core.records import Run
from core.records.batches import BatchStage
from core.words import mark
from core.workspace import Workspace
from pages._predict.folders import results
from pages._runs import names as run_names
from pages._shared import address, widgets
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import md, nt, t

STAGES: Mapping[BatchStage, tuple[str, str]] = {
    BatchStage.WAITING: (":material/schedule:", mark("waiting")),
    BatchStage.RUNNING: (":material/progress_activity:", mark("under way")),
    BatchStage.DONE: (":material/check_circle:", mark("done")),
    BatchStage.STOPPED: (":material/stop_circle:", mark("stopped")),
    BatchStage.FAILED: (":material/error:", mark("failed")),
}


def draw(ws: Workspace, batch_id: str) -> None:
    """Draw a batch: moving while it is worked on, its results when it has ended."""
    batch = store.get(ws, batch_id)
    run = _run_of(ws, batch)
    is_active = batch.state.stage in store.ACTIVE
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(md(batch.request.name), anchor=False, width="stretch")
        if not is_active:
            _actions(ws, batch)
    st.caption(
        md(run_names.label(ws, run)) if run else t("The run whose model was asked was deleted.")
    )
    if is_active:
        _progress(ws, batch_id)
        st.caption(t("You may close this page: the work goes on, and this address finds it again."))
        return
    if batch.state.error:
        widgets.draw_problem(UserError.of(batch.state.error))
    if batch.state.done or batch.state.stage is BatchStage.DONE:
        results.draw(ws, batch, run)


def _run_of(ws: Workspace, batch: Batch) -> Run | None:
    run_id = batch.request.run_id
    return runs.get(ws, run_id) if run_id in runs.ids(ws) else None


@fragment_every("1s")
@widgets.mendable()  # it runs alone, outside the page's own
def _progress(ws: Workspace, batch_id: str) -> None:
    state = store.get(ws, batch_id).state
    if state.stage not in store.ACTIVE:
        st.rerun()
    share = state.done / state.total if state.total else 0.0
    parts = [t("Looking at the files…")]
    if state.total:
        num = nt(
            "{done} of {num} image", "{done} of {num} images", num=state.total, done=state.done
        )
        parts = [num]
    if state.eta_seconds is not None:
        parts.append(t("about {time} left", time=t(durations.left(state.eta_seconds))))
    st.progress(min(share, 1.0), text=" · ".join(parts))
    if st.button(t("Stop"), icon=":material/stop_circle:", key="stop-batch"):
        store.request_stop(ws, batch_id)
        st.toast(t("Stopping…"))


def _actions(ws: Workspace, batch: Batch) -> None:
    if batch.state.stage is not BatchStage.DONE and st.button(
        t("Go on"), type="primary", icon=":material/play_arrow:", key="go-on"
    ):
        store.go_on(ws, batch.id)
        st.rerun()
    with st.popover(t("Delete"), icon=":material/delete:", key="delete-batch"):
        st.markdown(
            t("The answers and what was uploaded go to the trash for 7 days; your own files stay.")
        )
        if st.button(t("Delete"), type="primary", key="really-delete"):
            with widgets.mendable():
                store.delete(ws, batch.id)
                address.step(batch=None)
                st.rerun()
