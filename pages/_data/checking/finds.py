"""What a look at a data set found, kept for as long as nothing that it depends on has changed."""

import streamlit as st

from core import datasets
from core.datasets import features
from core.insights import searches, worklist
from core.insights.searches import Search, SearchStage
from core.insights.worklist import Look, WorkItem
from core.records import Dataset, ImageRecord
from core.workspace import Workspace
from pages._shared import widgets

Images = tuple[ImageRecord, ...]
_Seen = tuple[str, str, str, tuple[int, ...]]  # workspace, data set, fingerprint, features


def listed(
    ws: Workspace, dataset: Dataset, images: Images, search: Search | None
) -> tuple[WorkItem, ...]:
    """Give the worklist, with the label issues where a search has found some."""
    done = search if search is not None and search.stage is SearchStage.DONE else None
    seen = (str(ws.root), dataset.id, dataset.fingerprint, features.kept(ws, dataset))
    began_at = done.began_at if done else 0.0
    return _listed(seen, dataset.version, began_at, _images=images, _search=done)


@st.cache_resource(max_entries=16, show_spinner=False)
def _listed(
    seen: _Seen, version: int, searched_at: float, *, _images: Images, _search: Search | None
) -> tuple[WorkItem, ...]:
    ws = widgets.workspace()
    dataset = datasets.get(ws, seen[1], version)
    issues = searches.remaining_issues(_search, _images) if _search else ()
    report = datasets.report(ws, dataset.id)
    return worklist.build(
        dataset, _images, _look(seen, dataset, _images), issues=issues, report=report
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _look(seen: _Seen, _dataset: Dataset, _images: Images) -> Look:
    """Look at the images; to keep a finding as it is makes a version with the same images."""
    return worklist.look(widgets.workspace(), _dataset, _images)
