"""What a run is called, and what tells it apart from others."""

import streamlit as st

from core import runs
from core.records import Run
from core.workspace import Workspace
from pages._runs.settings import WORDS
from pages._shared import run_words as words, widgets
from pages._shared.widgets import t


def title(ws: Workspace, run: Run) -> str:
    """Give the name of a run, or else that of its data set."""
    return run.name or words.dataset_name(ws, run)


def facts(ws: Workspace, run: Run) -> list[str]:
    """Give what tells a run apart, besides its title, from the coarse to the fine."""
    config = run.config
    dataset = [words.dataset_name(ws, run)] if run.name else []
    version = config.dataset_version
    return [
        *dataset,
        *([t("version {number}", number=version)] if version else []),
        t(WORDS["preset"][config.preset]),
        config.backbone,
        words.depth(config),
    ]


def label(ws: Workspace, run: Run) -> str:
    """Name a run in a list to choose from."""
    parts = [title(ws, run), *facts(ws, run), words.when(run.state.changed_at)]
    if run.card is not None:
        score = run.card.validation
        share, span = words.percent(score.accuracy), words.interval(score)
        parts.insert(-1, t("{share} ({interval})", share=share, interval=span))
    return " · ".join(parts)


def draw_rename(ws: Workspace, run: Run) -> None:
    """Draw the menu in which a run is given a name."""
    with (
        st.popover(t("Rename"), icon=":material/edit:", key="rename-run"),
        st.form("naming-run", border=False),
        widgets.mendable(),
    ):
        name = st.text_input(
            t("Name"), value=run.name, max_chars=80, key="run-name",
            placeholder=words.dataset_name(ws, run),
        )  # fmt: skip
        if st.form_submit_button(t("Rename"), icon=":material/edit:", key="do-rename-run"):
            runs.rename(ws, run.id, name)
            st.rerun()
