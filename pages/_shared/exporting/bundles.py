"""A bundle: which models it holds, and the button that makes and tries it."""

import streamlit as st

from core.exports import environments
from core.exports.bundles import making
from core.exports.formats import EXPORT_FORMATS
from core.records import ModelCard
from core.workspace import Workspace
from pages._shared.engine import engine
from pages._shared.exporting import steps
from pages._shared.widgets import t


def choose_and_make(ws: Workspace, card: ModelCard) -> None:
    """Draw the choice of models and the button."""
    known = [n for n in making.gatherable() if not environments.missing([EXPORT_FORMATS[n]])]
    chosen = st.multiselect(
        t("Models in it"),
        known,
        default=making.usual(ws, card.run_id),
        format_func=lambda name: t(EXPORT_FORMATS[name].title),
        help=t("Others can be chosen once what they need is installed, under their own format."),
        key="export-models",
    )
    st.caption(t("Each model and the whole are tried before you get it; a minute or two each."))
    if st.button(
        t("Make and try it"), icon=":material/build:", key="export-make", disabled=not chosen
    ):
        with steps.shown() as tell:
            making.make(ws, card.run_id, chosen, engine(ws.root), tell)
