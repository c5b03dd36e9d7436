"""Choose images and one dial, look at what will happen and how long it takes, press Start."""

import streamlit as st

from core import runs
from core.records import Dataset, TrainConfig
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


ws = _shared.workspace()
st.title(t("Train"))
with mendable():
    origin = st.query_params.get("clone", "")
    config = runs.get(ws, origin).config if origin else None
    if config and "dataset" not in st.query_params:
        st.query_params["dataset"] = config.dataset_id
    chosen = _shared.pick_dataset(ws)
    if chosen is not None:
        draw(ws, chosen, origin, config)
