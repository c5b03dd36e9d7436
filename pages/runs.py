"""All runs, or the one in the address: watch it, stop it, judge it, compare it, clone it."""

import streamlit as st

from core import runs
from pages import _runs_detail, _runs_list
from pages._shared import mendable, t, workspace

ws = workspace()
run_id = st.query_params.get("run")

if run_id:
    st.page_link("runs.py", label=t("All runs"), icon=":material/arrow_back:", query_params={})
    with mendable():
        _runs_detail.draw(ws, runs.get(ws, run_id))
else:
    _runs_list.draw(ws)
