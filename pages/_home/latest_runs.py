"""The latest runs, for the Home page: one table, whose rows open them."""

import streamlit as st

from core import runs
from core.runs import executors
from core.runs.sharing import waits
from core.workspace import Workspace
from pages._runs import names, rows
from pages._shared import widgets
from pages._shared.widgets import t

NUM_SHOWN = 5
COLUMNS = ["name", "accuracy", "range", "judged_on", "error", "r2", "state", "depth", "when"]


def draw(ws: Workspace) -> None:
    """Draw the latest runs, if there are any."""
    executors.revive(ws)
    latest = runs.all_summaries(ws)[:NUM_SHOWN]
    if not latest:
        return
    st.subheader(t("Latest runs"))
    table = rows.frame(ws, latest, names_datasets=False)
    columns = [name for name in COLUMNS if name not in rows.dropped(latest)]
    chosen = st.dataframe(
        table.assign(name=[names.title(ws, run) for run in latest])[columns],
        hide_index=True,
        key="latest",
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="–",
        alt=t("The latest runs: what each learned from, where it stands, and its score"),
        column_config=rows.columns(),
    )
    if line := waits.told_of_first(ws, (run.id for run in latest)):
        st.caption(f":material/schedule: {t(line)}")
    if cells := chosen["selection"]["cells"]:
        widgets.go("runs.py", run=latest[cells[0][0]].id)
