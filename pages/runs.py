"""All runs, or the one in the address: watch it, stop it, judge it, compare it, clone it."""

import streamlit as st

from core import runs
from core.runs import executors
from core.trash import TrashKind
from pages._runs import detail, listing, part, selected
from pages._runs.keeping import arriving
from pages._shared import trash
from pages._shared.widgets import go, mendable, t, workspace
from pages._studies import detail as study, listing as studies

ws = workspace()
run_id, study_id, compared = (st.query_params.get(name) for name in ("run", "study", "compare"))
executors.revive(ws)
with mendable():
    executors.check(ws)

if (run_id or study_id or compared) and st.button(
    t("All runs"), icon=":material/arrow_back:", type="tertiary", key="all-runs"
):
    go("runs.py")
if run_id:
    with mendable():
        run = runs.get(ws, run_id)
        part.draw(ws, run) if run.config.study else detail.draw(ws, run)
elif study_id:
    with mendable():
        study.draw(ws, study_id)
elif compared:
    st.title(t("Compare"))
    selected.draw_link(ws, compared)
else:
    st.title(t("Runs"))
    trash.draw_undo(ws, TrashKind.RUN, TrashKind.STUDY)
    listing.draw(ws)
    studies.draw(ws)
    arriving.draw(ws)
    trash.draw(ws)
