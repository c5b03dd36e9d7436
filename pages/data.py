"""Bring images in, see what was made of them, and put them in order."""

import streamlit as st

from core import datasets
from core.trash import TrashKind
from pages._data import dataset
from pages._data.importing import ingest, ways
from pages._shared import trash, widgets
from pages._shared.widgets import t

ws = widgets.workspace()

st.title(t("Data"))
trash.draw_undo(ws, TrashKind.DATASET)

if ingest.under_way(ws):
    st.stop()

with widgets.mendable():
    if datasets.all_datasets(ws):
        dataset.draw(ws)
    else:
        ways.draw(ws)
trash.draw(ws)
