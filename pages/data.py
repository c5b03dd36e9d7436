"""Bring images in, see what was made of them, and put them in order."""

import streamlit as st

from core import datasets
from pages import _data_bring, _data_ingest, _data_look, _shared
from pages._shared import t

ws = _shared.workspace()

st.title(t("Data"))

if _data_ingest.under_way(ws):
    st.stop()

known = datasets.all_datasets(ws)
view = "bring"
if known:
    titles = {
        "look": (":material/photo_library:", t("My data sets")),
        "bring": (":material/add_photo_alternate:", t("Bring images")),
    }
    view = _shared.choose_tab(
        t("What to do"), titles, key="view", default="look", label_visibility="collapsed"
    )

with _shared.mendable():
    if view == "bring":
        _data_bring.draw(ws)
    else:
        _data_look.draw(ws)
