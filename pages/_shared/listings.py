"""The images of a data set, read once for all pages: a written version never changes."""

from pathlib import Path

import streamlit as st

from core import datasets
from core.records import Dataset, ImageRecord
from core.workspace import Workspace


def listing(ws: Workspace, dataset: Dataset) -> tuple[ImageRecord, ...]:
    """Give the images of a version of a data set."""
    return _listing(ws.root, dataset.id, dataset.version, dataset.fingerprint)


@st.cache_resource(max_entries=8, show_spinner=False)
def _listing(
    root: Path, dataset_id: str, version: int, fingerprint: str
) -> tuple[ImageRecord, ...]:
    return datasets.images(Workspace(root), dataset_id, version)
