"""Bring images in, see what was made of them, and put them in order."""

import streamlit as st

from core import datasets
from pages._data import dataset
from pages._data.importing import ingest, ways
from pages._shared import widgets
from pages._shared.widgets import t

ws = widgets.workspace()

st.title(t("Data"))

if ingest.under_way(ws):
    st.stop()

known = datasets.all_datasets(ws)
view = "bring"
if known:
    titles = {
        "look": (":material/photo_library:", t("My data sets")),
        "bring": (":material/add_photo_alternate:", t("Bring images")),
    }
    view = widgets.choose_tab(
        t("What to do"), titles, key="view", default="look", label_visibility="collapsed"
    )

with widgets.mendable():
    if view == "bring":
        ways.draw(ws)
    else:
        dataset.draw(ws)
