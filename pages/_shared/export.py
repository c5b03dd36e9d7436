"""Take the model away: one download, and the script that uses it."""

import streamlit as st

from core.exports import script
from core.records import ModelCard
from pages._shared.widgets import t, url


def draw(card: ModelCard) -> None:
    """Draw the download and the script."""
    with st.container(border=True):
        st.subheader(t("Take the model with you"), icon=":material/download:")
        st.caption(
            t("A zip with the Keras model, its labels, a card that says what it can do, and a "
              "short script that names photos. The preprocessing is inside the model.")
        )  # fmt: skip
        st.link_button(
            t("Download the model"),
            url(f"/api/runs/{card.run_id}/export"),
            icon=":material/download:",
            key="export",
        )
        with st.expander(t("The script"), icon=":material/code:"):
            st.code(script.text(), language="python")
