"""What a run is called, and what tells it apart from others."""

import streamlit as st

from core import runs
from core.records import Run, RunSummary
from core.runs.sharing import clusters
from core.workspace import Workspace
from pages._runs.settings import WORDS
from pages._shared import run_words as words, widgets
from pages._shared.widgets import t


def title(ws: Workspace, run: Run | RunSummary) -> str:
    """Give the name of a run, or else that of its data set."""
    return run.name or words.dataset_name(ws, run)


def short(run: Run | RunSummary) -> str:
    """Name a run beside others of its data set."""
    began = t("{preset}, {when}", preset=t(WORDS["preset"][run.config.preset]),
              when=words.when(run.state.changed_at)[5:])  # fmt: skip
    return run.name or began


def facts(ws: Workspace, run: Run | RunSummary) -> list[str]:
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
        *([] if config.validates else [t("learned from the validation images too")]),
        *([t("on {node}", node=node)] if (node := clusters.node_of(run)) else []),
    ]


def label(ws: Workspace, run: Run | RunSummary) -> str:
    """Name a run in a list to choose from."""
    parts = [title(ws, run), *facts(ws, run), words.when(run.state.changed_at)]
    if run.score is not None or (run.card is not None and run.card.numbers is not None):
        parts.insert(-1, words.told(run))
    return " · ".join(parts)


def draw_progress(ws: Workspace, run: Run | RunSummary, done: float) -> None:
    """Show in the title of the browser's tab how far a run is, until the page runs anew."""
    st.set_page_config(page_title=f"{words.percent(done)} · {title(ws, run)}")


def draw_rename(ws: Workspace, run: Run | RunSummary) -> None:
    """Draw the menu in which a run is given a name."""
    with st.popover(t("Rename"), icon=":material/edit:", key=f"rename-{run.id}"):
        rename_form(ws, run)


def rename_form(ws: Workspace, run: Run | RunSummary) -> None:
    """Let a run be given a name."""
    with st.form(f"naming-{run.id}", border=False), widgets.mendable():
        name = st.text_input(
            t("Name"), value=run.name, max_chars=80, key=f"name-{run.id}",
            placeholder=words.dataset_name(ws, run),
        )  # fmt: skip
        if st.form_submit_button(t("Rename"), icon=":material/edit:", key=f"do-rename-{run.id}"):
            runs.rename(ws, run.id, name)
            st.rerun()


def draw_star(ws: Workspace, run: RunSummary) -> None:
    """Draw the button that marks a run with a star, or takes it away."""
    label = t("Take the star away") if run.is_starred else t("Star")
    icon = ":material/star:" if run.is_starred else ":material/star_border:"
    with widgets.mendable():
        if st.button(label, icon=icon, key=f"star-{run.id}"):
            runs.star(ws, run.id, not run.is_starred)
            st.rerun()
