"""Choose images and one dial, look at what will happen and how long it takes, press Start."""

from dataclasses import replace
from functools import partial

import streamlit as st

from core import datasets, runs, trash
from core.errors import UserError
from core.insights.coaching import remedies
from core.records import Dataset, Run
from core.runs import estimates
from core.words import say
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.listings import listing
from pages._shared.widgets import mendable, t
from pages._train import choices, classes, dial, positions, start


def draw(ws: Workspace, dataset: Dataset, run: Run | None) -> None:
    """Draw the page for a data set; how deep to thaw and Start stand above the further choices."""
    before = run.config.left_out if run else ()
    left_out, ready = classes.choose(dataset, before, dial.origin(run))
    images = listing(ws, dataset)
    num_train, _ = estimates.count(images, left_out)
    side = datasets.side_of(images, left_out)
    pick = partial(positions.draw, ws, dataset)
    chosen = dial.choose(dataset, left_out, run, num_train, side, pick)
    depth, above = st.container(), st.container()
    with st.expander(t("More choices"), icon=":material/tune:", expanded=run is not None):
        config = chosen.config(**choices.choose(ws, dataset, chosen, depth))
    with above, mendable():
        start.draw(ws, dataset, config, chosen, ready)


def cloned_from(ws: Workspace, run_id: str) -> Run:
    """Give a run to clone, whose images are chosen with it."""
    run = runs.get(ws, run_id)
    if run.config.dataset_id not in datasets.ids(ws):
        raise UserError(
            say("The data set of this run was deleted."),
            expected=say("A clone learns from the same images as the run."),
            mend=trash.way_back(ws, trash.TrashKind.DATASET, run.config.dataset_id)
            or say("Start afresh with another data set."),
        )
    widgets.remember("dataset", run.config.dataset_id)
    changed = remedies.applied(run.config, st.query_params.get("change", ""))
    if (told := remedies.told(run.config, changed)) is not None:
        st.caption(f":material/lightbulb: {t(told)}")
    return replace(run, config=changed)


ws = widgets.workspace()
st.title(t("Train"))
origin = st.query_params.get("clone", "")
try:
    cloned = cloned_from(ws, origin) if origin else None
except UserError as error:
    widgets.draw_problem(error)
    if st.button(t("Start afresh instead"), icon=":material/restart_alt:", key="afresh"):
        widgets.go("train.py")
    st.stop()
with mendable():
    picked = widgets.pick_dataset(ws)
    if picked is not None:
        draw(ws, picked, cloned)
