"""Where a class is seen on average over its validation pictures, and whether that is its border."""

from pathlib import Path

import streamlit as st

from core.insights import shortcuts
from core.records import ClassHeat, ModelCard, Run
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.engine import engine
from pages._shared.frame.fragments import fragment
from pages._shared.widgets import md, t

WIDTH = 320  # pixels


def draw(ws: Workspace, run: Run, card: ModelCard) -> None:
    """Offer a look at where each class is seen; nothing where no picture is left to look at."""
    if card.validation is not None:
        _part(ws, run.id, card)


@fragment
def _part(ws: Workspace, run_id: str, card: ModelCard) -> None:
    """Draw anew without the page around it."""
    hint = t("On average over up to 50 validation pictures of a class.")
    if not st.toggle(t("Where does it look?"), key="class-heat", help=hint):
        return
    with st.container(border=True), widgets.mendable():
        label = st.selectbox(t("Class"), card.labels, key="class-heat-of")
        draw_class(ws, run_id, card, label)


def draw_class(ws: Workspace, run_id: str, card: ModelCard, label: str) -> None:
    """Draw where one class is seen, and what is said of its border. Raises `UserError`."""
    with st.spinner(t("Looking…")):
        found = _ask(ws.root, run_id, card.created_at, label)
    shown, told = st.columns([2, 3], vertical_alignment="center")
    picture = ws.run(run_id).class_picture(card.labels.index(label))
    alt = t("Where the model sees {label}: the lit places", label=label)
    shown.image(picture.read_bytes(), width=WIDTH, alt=alt)
    with told:
        _tell(found)


@st.cache_data(max_entries=64, show_spinner=False)
def _ask(root: Path, run_id: str, made: float, label: str) -> ClassHeat:
    """Ask the engine; ``made`` is part of the question, so that a new model is asked anew."""
    return engine(root).explain_class(run_id, label)


def _tell(found: ClassHeat) -> None:
    st.markdown(md(t(shortcuts.border_share(found))))
    if (warning := shortcuts.border_warning(found)) is not None:
        st.warning(md(t(warning)), icon=":material/crop_free:")
    st.caption(t("Lit: what speaks for this class, over the mean of its pictures."))
