"""The Data page's search for wrong labels and leaks: begin it, watch it, find it again."""

import time
from typing import Literal

import streamlit as st

from core import datasets
from core.errors import UserError
from core.insights import searches
from core.insights.searches import Search, SearchStage
from core.records import Dataset
from core.words import join
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import nt, t


def found(ws: Workspace, dataset: Dataset, *, label: str, why: str = "") -> Search | None:
    """Give what the last search found; until there is one, draw the offer or how far it is.

    ``why``: what it is good for.
    """
    search = searches.state(ws, dataset.id)
    if search is not None and search.is_under_way:
        _progress(ws, dataset)
        return None
    if search is None or search.error is not None:
        if search is not None and search.error is not None:
            widgets.draw_problem(UserError.of(search.error))
        with st.container(border=bool(why), horizontal=True, vertical_alignment="center"):
            takes = t(
                "A network looks at every image but the test images. It may take a minute or two."
            )
            st.caption(join((why, takes), widgets.language()) if why else takes, width="stretch")
            _begin(ws, dataset, label, kind="primary")
        return None
    return search


def offer_again(ws: Workspace, dataset: Dataset, search: Search) -> None:
    """Offer a new search where the images are not those that were searched."""
    searched = datasets.get(ws, dataset.id, search.version)
    if searched.fingerprint != dataset.fingerprint:
        again(ws, dataset, t("The data set has changed since Thaw looked."))


def again(ws: Workspace, dataset: Dataset, why: str) -> None:
    """Offer a new search, and say why."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(why, width="content")
        _begin(ws, dataset, t("Look again"), kind="secondary")


def _begin(
    ws: Workspace, dataset: Dataset, label: str, *, kind: Literal["primary", "secondary"]
) -> None:
    with widgets.mendable():
        if st.button(label, type=kind, icon=":material/search:", key="begin_search"):
            searches.start(ws, dataset)
            st.rerun()


@fragment_every("1s")
def _progress(ws: Workspace, dataset: Dataset) -> None:
    search = searches.state(ws, dataset.id)
    if search is None or not search.is_under_way:
        st.rerun()
    seconds = max(0, round(time.time() - search.began_at))
    so_far = nt("{num} second so far", "{num} seconds so far", num=seconds)
    if search.stage is SearchStage.LOOKING:
        doing = t("Step 1 of 2: a network looks at the images")
        st.progress(searches.share_looked_at(ws, dataset.id, search), f"{doing} · {so_far}")
    else:
        doing = t("Step 2 of 2: small networks judge images they did not see")
        st.status(f"{doing} · {so_far}", state="running")
    st.caption(t("You may leave this page: the work goes on, and you find the result here."))
