"""Take the model away: one download, and the script that uses it."""

import streamlit as st

from core.exports import bundle, script
from core.models.catalog import EXPORT_FORMATS
from core.records import ModelCard
from pages._shared.widgets import t, url


def draw(card: ModelCard) -> None:
    """Draw the formats with their download, and the script."""
    with st.container(border=True):
        st.subheader(t("Take the model with you"), icon=":material/download:")
        chosen = st.segmented_control(
            t("Format"),
            list(EXPORT_FORMATS),
            default=bundle.DOWNLOAD,
            required=True,
            format_func=lambda name: t(EXPORT_FORMATS[name].title),
            key="export-format",
        )
        st.caption(t(EXPORT_FORMATS[chosen].sentence))
        st.link_button(
            t("Download the model"),
            url(f"/api/runs/{card.run_id}/export?format={chosen}"),
            icon=":material/download:",
            key="export",
        )
        st.link_button(
            t("Report for printing"),
            url(f"/api/runs/{card.run_id}/report"),
            icon=":material/print:",
            key="report",
        )
        with st.expander(t("The script"), icon=":material/code:"):
            st.code(script.text(), language="python")
