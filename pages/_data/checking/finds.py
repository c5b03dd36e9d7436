"""What a look at a data set found, kept for as long as nothing that it depends on has changed."""

import streamlit as st

from core import datasets
from core.datasets import features
from core.insights import searches, worklist
from core.insights.searches import Search, SearchStage
from core.insights.worklist import Look, WorkItem
from core.records import Dataset
from core.workspace import Workspace
from pages._shared import widgets


def listed(ws: Workspace, dataset: Dataset, search: Search | None) -> tuple[WorkItem, ...]:
    """Give the worklist, with the label issues where a search has found some."""
    done = search if search is not None and search.stage is SearchStage.DONE else None
    seen = (str(ws.root), dataset.id, dataset.fingerprint, features.kept(ws, dataset))
    return _listed(seen, dataset.version, done.began_at if done else 0.0, _search=done)


_Seen = tuple[str, str, str, tuple[int, ...]]


@st.cache_resource(max_entries=16, show_spinner=False)
def _listed(
    seen: _Seen, version: int, searched_at: float, *, _search: Search | None
) -> tuple[WorkItem, ...]:
    ws = widgets.workspace()
    dataset = datasets.get(ws, seen[1], version)
    images = datasets.images(ws, dataset.id, version)
    issues = searches.remaining_issues(_search, images) if _search else ()
    report = datasets.report(ws, dataset.id)
    return worklist.build(dataset, images, _look(seen, version), issues=issues, report=report)


@st.cache_resource(max_entries=8, show_spinner=False)
def _look(seen: _Seen, _version: int) -> Look:
    """Look at the images; to keep a finding as it is makes a version with the same images."""
    ws = widgets.workspace()
    return worklist.look(ws, datasets.get(ws, seen[1], _version))
