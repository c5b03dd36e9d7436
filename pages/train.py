"""Choose images and one dial, look at what will happen and how long it takes, press Start."""

import streamlit as st

from core import datasets, runs
from core.errors import UserError
from core.records import Dataset, Run
from core.words import say
from core.workspace import Workspace
from pages import _shared, _train_choices, _train_data, _train_dial, _train_start
from pages._shared import mendable, t


def draw(ws: Workspace, dataset: Dataset, run: Run | None) -> None:
    """Draw the page for a data set; what Start needs is drawn above the further choices."""
    before = run.config.left_out if run else ()
    left_out, ready = _train_data.choose(dataset, before, _train_dial.origin(run))
    dial = _train_dial.choose(dataset, left_out, run)
    start = st.container()
    with st.expander(t("More choices"), icon=":material/tune:", expanded=run is not None):
        choices = _train_choices.choose(ws, dataset, dial)
    with start, mendable():
        _train_start.draw(ws, dataset, dial.config(**choices), dial, ready)


def cloned_from(ws: Workspace, run_id: str) -> Run:
    """Give a run to clone, whose images are chosen with it."""
    run = runs.get(ws, run_id)
    if run.config.dataset_id not in datasets.ids(ws):
        raise UserError(
            say("The data set of this run was deleted."),
            expected=say("A clone learns from the same images as the run."),
            mend=say("Start afresh with another data set."),
        )
    _shared.remember("dataset", run.config.dataset_id)
    return run


ws = _shared.workspace()
st.title(t("Train"))
origin = st.query_params.get("clone", "")
try:
    cloned = cloned_from(ws, origin) if origin else None
except UserError as error:
    _shared.draw_problem(error)
    if st.button(t("Start afresh instead"), icon=":material/restart_alt:", key="afresh"):
        _shared.go("train.py")
    st.stop()
with mendable():
    chosen = _shared.pick_dataset(ws)
    if chosen is not None:
        draw(ws, chosen, cloned)
