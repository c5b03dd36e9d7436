"""What the user says of the images of a folder, kept with it from one session to the next."""

from collections.abc import Sequence

import streamlit as st

from core.batch_predictions import store
from core.batch_predictions.store import Batch
from core.workspace import Workspace
from pages._predict import marks


def key(batch: Batch, file: str) -> str:
    """Tell an image of a batch from all others."""
    return f"{batch.id}/{file}"


def files(batch: Batch, keys: Sequence[str]) -> list[str]:
    """Give the names of images of a batch."""
    return [name[len(key(batch, "")) :] for name in keys]


def keep(ws: Workspace, batch: Batch) -> None:
    """Take up what was said in an earlier session, and write down what was said since."""
    kept = f"kept-{batch.id}"
    if kept not in st.session_state:
        st.session_state[kept] = store.marks(ws, batch.id)
        since = marks.under(key(batch, ""))
        said = st.session_state[kept] | since
        marks.set_marks({key(batch, file): label for file, label in said.items()})
    now = marks.under(key(batch, ""))
    if now != st.session_state[kept]:
        store.write_marks(ws, batch.id, now)
        st.session_state[kept] = now
