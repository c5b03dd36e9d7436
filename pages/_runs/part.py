"""One run of a study under its link: how it learned; what it judged stands with the study."""

import streamlit as st

from core import studies
from core.errors import UserError
from core.records import Run
from core.studies import texts
from core.workspace import Workspace
from pages._runs import curves, names
from pages._runs.settings import settings
from pages._runs.watching import live, live_curves
from pages._shared import run_words as words, widgets
from pages._shared.widgets import md, t, unbroken


def draw(ws: Workspace, run: Run) -> None:
    """Draw the run: moving while it is worked on, still when it has ended."""
    study = studies.get(ws, run.config.study)
    if st.button(t("Back to the study"), icon=":material/arrow_back:", type="tertiary",
                 key="to-study"):  # fmt: skip
        widgets.go("runs.py", study=study.id)
    number = int(run.id.rpartition("__")[2].partition("-")[0])
    st.title(md(t(texts.part(study, study.arms[number].name, run.config.fold))))
    with st.container(horizontal=True, vertical_alignment="center"):
        words.badge(run)
        st.caption(" · ".join(map(md, names.facts(ws, run))), width="content")
    if study.uses_folds:
        told = t("It learned from four folds and judged the fifth. Only its answers were kept.")
    else:
        told = t("Heads learned from some folds and judged the others. Only what they came to was "
                 "kept.")  # fmt: skip
    st.caption(told)
    if run.state.error is not None:
        widgets.draw_problem(UserError.of(run.state.error))
    if run.state.state in words.ACTIVE:
        live.draw(ws, run)
    else:
        if run.epochs:
            curves.draw([(t("this run"), run)], live_curves.majority(ws, run))
        live.log(ws, run.id)
    with st.expander(t("Settings of this run"), icon=":material/tune:", key="settings"):
        chosen = settings(run.config, words.dataset_name(ws, run))
        st.table({unbroken(label): value for label, value in chosen.items()}, border="horizontal")
