"""Having the map of a run made: the offer, how far it is, and the way to want it no more."""

import time
from pathlib import Path

import streamlit as st

from core import durations
from core.errors import UserError
from core.insights.mapping import jobs, points
from core.insights.mapping.jobs import MapState
from core.records import Run
from core.run_results.embedding_map import EmbeddingMap
from core.words import Message
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import nt, t


def result(ws: Workspace, run: Run) -> EmbeddingMap | None:
    """Give the map of a run; until there is one, draw the offer or how far it is."""
    state = jobs.state(ws, run.id)
    if state is not None and state.is_under_way:
        _progress(ws, run.id)
        return None
    found = _found(ws.root, run.id, _written(ws, run.id))
    if found is None:
        if state is not None and state.error is not None:
            widgets.draw_problem(UserError.of(state.error))
        _offer(ws, run, was_made=ws.run(run.id).map.exists())
    return found


def _written(ws: Workspace, run_id: str) -> tuple[int, ...]:
    """Tell when all that a map stands on was written last."""
    folder = ws.run(run_id)
    paths = (folder.map, folder.features, folder.test_features, folder.test)
    return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in paths)


@st.cache_resource(max_entries=4, show_spinner=False)
def _found(root: Path, run_id: str, written: tuple[int, ...]) -> EmbeddingMap | None:
    """Read the map; ``written`` makes it look again where something was written anew."""
    return jobs.found(Workspace(root), run_id)


def _offer(ws: Workspace, run: Run, *, was_made: bool) -> None:
    with st.container(border=True):
        st.markdown(
            t(
                "A map of the images, those side by side that look alike to the model: which "
                "classes run into each other, and which image lies amid another class."
            )
        )
        if was_made:
            st.caption(t("What the model makes of its images has changed since there was one."))
        st.caption(_takes(points.count(ws.run(run.id))))
        if st.button(t("Make the map"), type="primary", icon=":material/scatter_plot:", key="map"):
            jobs.start(ws, run.id)
            st.rerun()


def _takes(num: int) -> str:
    if not num:
        return t("The model looks at the images first: an earlier version of Thaw left nothing.")
    return nt(
        "With {num} image that usually takes {time}. You may leave this page meanwhile.",
        "With {num} images that usually takes {time}. You may leave this page meanwhile.",
        num=num,
        time=t(_usual(num)),
    )


def _usual(num: int) -> Message:
    seconds = jobs.usual_seconds(num)
    return durations.between(seconds, 2 * seconds)


@fragment_every("1s")
@widgets.mendable()  # it runs alone, outside the page's own
def _progress(ws: Workspace, run_id: str) -> None:
    state = jobs.state(ws, run_id)
    if state is None or not state.is_under_way:
        st.rerun()
    st.progress(_share(state), text=_told(state))
    if st.button(t("Cancel"), icon=":material/stop_circle:", key="cancel-map"):
        jobs.cancel(ws, run_id)
        st.toast(t("Stopping…"))
    st.caption(t("You may leave this page: the work goes on, and you find the result here."))


def _share(state: MapState) -> float:
    """Give how far it is, from the usual time: t-SNE does not tell."""
    usual = jobs.usual_seconds(state.num_images) if state.num_images else 60.0
    return min(0.97, max(0.0, time.time() - state.began_at) / usual)


def _told(state: MapState) -> str:
    seconds = max(0, round(time.time() - state.began_at))
    so_far = nt("{num} second so far", "{num} seconds so far", num=seconds)
    if not state.num_images:
        return f"{t('The features are read…')} · {so_far}"
    placing = nt("{num} image is placed", "{num} images are placed", num=state.num_images)
    usually = t("usually {time}", time=t(_usual(state.num_images)))
    return f"{placing} · {so_far} · {usually}"
