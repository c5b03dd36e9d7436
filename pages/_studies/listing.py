"""The studies of a workspace in a table, whose rows open them."""

import contextlib

import pandas as pd
import streamlit as st

from core import runs, studies
from core.errors import UserError
from core.records.studies import Study
from core.studies import texts
from core.workspace import Workspace
from pages._shared import run_words as words, widgets
from pages._shared.widgets import t
from pages._studies import titles


def draw(ws: Workspace) -> None:
    """Draw the table, if there are any studies."""
    known = studies.all_studies(ws)
    found = [(study.id, row) for study in known if (row := _row(ws, study)) is not None]
    rows = [row for _, row in found]
    if not rows:
        return
    st.subheader(t("Studies"))
    column = st.column_config
    chosen = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="studies",
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="–",
        alt=t("A table of studies: what each compares, and where it stands"),
        column_config={
            "name": column.TextColumn(t("Study"), width=180, pinned=True),
            "dataset": column.TextColumn(t("Data set")),
            "state": column.TextColumn(t("State"), width=98),
            "choice": column.TextColumn(t("Choice")),
            "when": column.TextColumn(t("Begun"), width=125),
        },
    )
    if cells := chosen["selection"]["cells"]:
        widgets.go("runs.py", study=found[cells[0][0]][0])


def _row(ws: Workspace, study: Study) -> dict[str, str | None] | None:
    with contextlib.suppress(FileNotFoundError, UserError):  # deleted meanwhile
        found = studies.read(ws, study.id)
        choice = found.advice.choice if found.advice else ""
        return {
            "name": titles.title(ws, study),
            "dataset": titles.dataset_name(ws, study),
            "state": t(runs.STATE_WORDS[found.state]),
            "choice": t(texts.named(choice)) if choice else None,
            "when": words.when(study.created_at),
        }
    return None
