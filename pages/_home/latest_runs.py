"""The latest runs, for the Home page: one table, whose rows open them."""

import streamlit as st

from core import runs
from core.records import Run
from core.runs import executors
from core.workspace import Workspace
from pages._runs import names
from pages._shared import charts, run_words as words, widgets
from pages._shared.widgets import t

NUM_SHOWN = 5


def draw(ws: Workspace) -> None:
    """Draw the latest runs, if there are any."""
    executors.revive(ws)
    ids = runs.ids(ws)[::-1][:NUM_SHOWN]
    if not ids:
        return
    st.subheader(t("Latest runs"))
    rows = [_row(ws, runs.get(ws, run_id)) for run_id in ids]
    column = st.column_config
    chosen = st.dataframe(
        rows,
        hide_index=True,
        key="latest",
        on_select="rerun",
        selection_mode="single-cell",
        alt=t("The latest runs: what each learned from, where it stands, and its accuracy"),
        column_config={
            "name": column.TextColumn(t("Run"), width=130),
            "state": column.TextColumn(t("State"), width=90),
            "share": column.ProgressColumn(
                t("Accuracy"), width=110, min_value=0, max_value=1, format="percent"
            ),
            "span": column.TextColumn(
                t("Range"),
                help=t(
                    "With other images of the same kind it would most likely lie in this range."
                ),
            ),
            "depth": column.TextColumn(t("Depth")),
            "when": column.TextColumn(t("When")),
        },
    )
    if cells := chosen["selection"]["cells"]:
        widgets.go("runs.py", run=ids[cells[0][0]])


def _row(ws: Workspace, run: Run) -> dict[str, object]:
    score = run.card.validation if run.card else None
    return {
        "name": names.title(ws, run),
        "state": t(runs.STATE_WORDS[run.state.state]),
        "share": score and charts.whole(score.accuracy),
        "span": score and words.interval(score),
        "depth": words.depth(run.config),
        "when": words.when(run.state.changed_at),
    }
