"""Choose images and one dial, look at what will happen and how long it takes, press Start."""

import streamlit as st

from core import datasets, runs
from core.errors import UserError
from core.records import Dataset, TrainConfig
from core.words import say
from core.workspace import Workspace
from pages import _shared, _train_choices, _train_data, _train_dial, _train_start
from pages._shared import mendable, t


def draw(ws: Workspace, dataset: Dataset, clone: str, cloned: TrainConfig | None) -> None:
    """Draw the page for a data set; what Start needs is drawn above the further choices."""
    left_out, ready = _train_data.choose(dataset, cloned.left_out if cloned else ())
    dial = _train_dial.choose(dataset, left_out, clone=clone, cloned=cloned)
    start = st.container()
    with st.expander(t("More choices"), icon=":material/tune:", expanded=bool(clone)):
        choices = _train_choices.choose(ws, dataset, dial)
    with start, mendable():
        _train_start.draw(ws, dataset, dial.config(**choices), dial, ready)


def cloned_from(ws: Workspace, run_id: str) -> TrainConfig:
    """Give the settings of a run to clone, whose images are chosen with it."""
    config = runs.get(ws, run_id).config
    if config.dataset_id not in datasets.ids(ws):
        raise UserError(
            say("The data set of this run was deleted."),
            expected=say("A clone learns from the same images as the run."),
            mend=say("Start afresh with another data set."),
        )
    _shared.remember("dataset", config.dataset_id)
    return config


ws = _shared.workspace()
st.title(t("Train"))
origin = st.query_params.get("clone", "")
try:
    config = cloned_from(ws, origin) if origin else None
except UserError as error:
    _shared.draw_problem(error)
    if st.button(t("Start afresh instead"), icon=":material/restart_alt:", key="afresh"):
        _shared.go("train.py")
    st.stop()
with mendable():
    chosen = _shared.pick_dataset(ws)
    if chosen is not None:
        draw(ws, chosen, origin, config)
