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
    titles = {"look": t("My data sets"), "bring": t("Bring images")}
    icons = {"look": ":material/photo_library:", "bring": ":material/add_photo_alternate:"}
    view = _shared.choose(
        st.segmented_control,
        t("What to do"),
        list(titles),
        default="look",
        required=True,
        format_func=lambda name: f"{icons[name]} {titles[name]}",
        key="view",
        label_visibility="collapsed",
    )

with _shared.mendable():
    if view == "bring":
        _data_bring.draw(ws)
    else:
        _data_look.draw(ws)
