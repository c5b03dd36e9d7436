"""How long a training will take on this machine, with these images."""

from pathlib import Path

import streamlit as st

from core import datasets, durations
from core.models import cache_budget
from core.records import Dataset, TrainConfig
from core.runs import estimates
from core.words import Message
from core.workspace import Workspace
from pages._shared.widgets import t


def guess(ws: Workspace, dataset: Dataset, config: TrainConfig) -> tuple[str, Message]:
    """Give the range in words, and what it is based on."""
    images = num_images(ws.root, dataset.id, dataset.version, config.left_out)
    found = estimates.estimate(ws, config, *images)
    return t(durations.between(found.low_seconds, found.high_seconds)), found.basis


def warning(ws: Workspace, dataset: Dataset, config: TrainConfig) -> Message | None:
    """Say what makes a run slow that could be quick: features for which there is no room."""
    images = num_images(ws.root, dataset.id, dataset.version, config.left_out)
    need, may = cache_budget.needed(config, *images), cache_budget.allowed(ws.cache)
    return cache_budget.too_little(need, may) if need > may else None


@st.cache_data(max_entries=32, show_spinner=False)
def num_images(
    root: Path, dataset_id: str, version: int, left_out: tuple[str, ...]
) -> tuple[int, int]:
    """Count the images to train on and to validate on; a written version never changes."""
    return estimates.num_images(Workspace(root), dataset_id, version, left_out)


@st.cache_data(max_entries=32, show_spinner=False)
def side(root: Path, dataset_id: str, version: int, left_out: tuple[str, ...]) -> int | None:
    """Give how large the images to train on are."""
    return datasets.usual_side(Workspace(root), dataset_id, version, left_out)
