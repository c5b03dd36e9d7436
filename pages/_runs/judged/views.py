"""The views of a finished run: overview, mistakes, classes, map, trust; one is drawn at a time."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.insights.evaluation import Judged
from core.records import ModelCard, Run
from core.run_results.predictions import PartPredictions
from core.words import mark
from core.workspace import Workspace
from pages._runs.judged import answers, classes, overview, trust, unknown
from pages._runs.judged.embedding import view as embedding
from pages._runs.judged.mistakes import again, view as mistakes
from pages._shared.widgets import choose_tab, t

View = Callable[[Workspace, Run, PartPredictions, Judged], None]

OVERVIEW, TRUST = "overview", "trust"
VIEWS: Mapping[str, tuple[str, str, View]] = {
    OVERVIEW: (":material/dashboard:", mark("Overview"), overview.draw),
    "mistakes": (":material/grid_on:", mark("Mistakes"), mistakes.draw),
    "classes": (":material/category:", mark("Classes"), classes.draw),
    "map": (":material/scatter_plot:", mark("Map"), embedding.draw),
    TRUST: (":material/verified:", mark("Trust"), trust.draw),
}


def named() -> str:
    """Give the view that the address names."""
    return st.query_params.get("view", OVERVIEW)


def draw(ws: Workspace, run: Run, card: ModelCard) -> bool:
    """Draw the verdict and the view that the address names; tell whether that is the overview."""
    found = answers.validation(ws, run, card)
    if found is None:
        return True
    predictions, judged = found
    overview.draw_verdict(ws, run, predictions, judged)
    titles = {name: (icon, t(title)) for name, (icon, title, _) in VIEWS.items()}
    view = choose_tab(t("View"), titles, key="view", default=OVERVIEW, label_visibility="collapsed")
    if view == OVERVIEW:
        again.draw_rescored(ws, run, card, predictions)
    VIEWS[view][2](ws, run, predictions, judged)
    if view == TRUST:
        unknown.draw(ws, run)
    return view == OVERVIEW
