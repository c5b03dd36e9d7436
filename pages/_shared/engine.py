"""The kept process that pages ask: one for each workspace, for all sessions."""

from pathlib import Path

import streamlit as st

from core.runs.inference import Engine
from core.workspace import Workspace


@st.cache_resource(max_entries=8, show_spinner=False, on_release=Engine.close)
def engine(root: Path) -> Engine:
    """Give the engine of a workspace; it starts at the first question."""
    return Engine(Workspace(root))
