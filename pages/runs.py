"""All runs, or the one in the address: watch it, stop it, judge it, compare it, clone it."""

import streamlit as st

from core import runs
from core.runs import executors
from core.trash import TrashKind
from pages._runs import detail, listing, selected
from pages._shared import trash
from pages._shared.widgets import go, mendable, t, workspace

ws = workspace()
run_id, compared = (st.query_params.get(name) for name in ("run", "compare"))
executors.revive(ws)

if (run_id or compared) and st.button(
    t("All runs"), icon=":material/arrow_back:", type="tertiary", key="all-runs"
):
    go("runs.py")
if run_id:
    with mendable():
        detail.draw(ws, runs.get(ws, run_id))
elif compared:
    st.title(t("Compare"))
    selected.draw_link(ws, compared)
else:
    st.title(t("Runs"))
    trash.draw_undo(ws, TrashKind.RUN)
    listing.draw(ws)
    trash.draw(ws)
