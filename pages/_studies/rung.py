"""One rung of a study: its runs, and the way to keep its depth."""

import streamlit as st

from core import run_folder, runs
from core.errors import UserError
from core.records.studies import StudyResult, StudyRow
from core.runs import executors
from core.studies import recipes, texts
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.widgets import md, mendable, t


def draw(ws: Workspace, found: StudyResult, row: StudyRow) -> None:
    """Draw what can be done with a rung: keep it, open its runs."""
    with st.container(border=True, gap="small", key=f"rung-{row.name}"):
        st.markdown(f"**{md(t(texts.arm(row)))}**")
        if row.error is not None:
            widgets.draw_problem(UserError.of(row.error))
        with st.container(horizontal=True):
            keep_button(ws, found, row, key=f"keep-{row.name}")
            for run_id in row.run_ids:
                fold = run_folder.place(run_id)[1]
                label = t("Fold {number}", number=fold + 1)
                label = label if found.study.uses_folds else t("Its run")
                icon = ":material/arrow_forward:"
                if st.button(label, icon=icon, key=f"open-{run_id}"):
                    widgets.go("runs.py", run=run_id)


def keep_button(ws: Workspace, found: StudyResult, row: StudyRow, *, key: str = "keep") -> None:
    """Draw the button that trains what was judged on the usual parts."""
    why = t("Trains it on the training images and judges it by the validation images, as any run; "
            "the model is kept.")  # fmt: skip
    label = t("Train and keep: {arm}", arm=t(texts.arm(row)))
    if st.button(md(label), type="primary", icon=":material/save:", key=key, help=why):
        with mendable():
            run_id = runs.create(ws, recipes.kept(row.config, cloned_from=found.study.cloned_from))
            executors.submit(ws)
            widgets.go("runs.py", run=run_id)
