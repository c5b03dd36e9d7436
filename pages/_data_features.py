"""What the Data page learns from the features of images: doubtful labels, and what a leak hides."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core import datasets, embeddings, presets
from core.embeddings import Leak
from core.label_errors import Suspect
from core.records import Dataset, ImageRecord
from core.workspace import Workspace
from pages import _shared
from pages._engine import engine
from pages._shared import t

Vectors = dict[str, np.ndarray]


def ready(ws: Workspace, dataset: Dataset) -> int | None:
    """Give the newest version whose features are there: they are named by content."""
    known = reversed(datasets.versions(ws, dataset.id))
    return next((v for v in known if ws.embedding(dataset.id, v).exists()), None)


def offer(ws: Workspace, dataset: Dataset, *, label: str, key: str) -> None:
    """Draw the button that has the features computed."""
    st.caption(
        t("A network looks at every image but the test images. It may take a minute or two.")
    )
    if not st.button(label, type="primary", icon=":material/search:", key=key):
        return
    small = tuple(c.name for c in dataset.classes if c.count < datasets.MIN_IMAGES)
    with _shared.mendable(), st.spinner(t("Looking at the images…")):
        config = presets.configure(
            dataset.id, preset="quick", dataset_version=dataset.version, left_out=small
        )
        engine(ws.root).embed(config)
        st.rerun()


def suspects(ws: Workspace, dataset: Dataset, version: int) -> list[tuple[ImageRecord, Suspect]]:
    """Give the images whose label may be wrong, the surest first."""
    return _suspects(str(ws.root), dataset.id, dataset.version, dataset.fingerprint, version)


def leak(ws: Workspace, dataset: Dataset, version: int) -> Leak | None:
    """Give the scores of an honest and of a leaky split."""
    return _leak(str(ws.root), dataset.id, dataset.version, dataset.fingerprint, version)


@st.cache_resource(max_entries=8, show_spinner=False)
def _suspects(
    root: str, dataset_id: str, number: int, fingerprint: str, version: int
) -> list[tuple[ImageRecord, Suspect]]:
    ws = _shared.workspace()
    dataset = datasets.get(ws, dataset_id, number)
    return embeddings.suspects(ws, dataset, _vectors(ws, dataset, version))


@st.cache_resource(max_entries=8, show_spinner=False)
def _leak(root: str, dataset_id: str, number: int, fingerprint: str, version: int) -> Leak | None:
    ws = _shared.workspace()
    dataset = datasets.get(ws, dataset_id, number)
    return embeddings.leak(ws, dataset, _vectors(ws, dataset, version))


def _vectors(ws: Workspace, dataset: Dataset, version: int) -> Vectors:
    return dict(embeddings.load(ws, replace(dataset, version=version)) or {})
