"""All runs, or the one in the address: watch it, stop it, judge it, compare it, clone it."""

import streamlit as st

from core import runs
from core.runs import executors
from core.trash import TrashKind
from pages._runs import detail, listing
from pages._shared import trash
from pages._shared.widgets import go, mendable, t, workspace

ws = workspace()
run_id = st.query_params.get("run")
executors.revive(ws)

if run_id:
    if st.button(t("All runs"), icon=":material/arrow_back:", type="tertiary", key="all-runs"):
        go("runs.py")
    with mendable():
        detail.draw(ws, runs.get(ws, run_id))
else:
    st.title(t("Runs"))
    trash.draw_undo(ws, TrashKind.RUN)
    listing.draw(ws)
    trash.draw(ws)
