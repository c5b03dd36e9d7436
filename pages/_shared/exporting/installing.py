"""What a format needs and is not there: how large it is, and a button that installs it."""

import streamlit as st

from core.exports import environments
from core.records.choices import ExportFormat
from pages._shared import widgets
from pages._shared.widgets import md, t


def offer(entry: ExportFormat) -> None:
    """Say what is missing and how large it is, and install it on demand."""
    needed = environments.missing([entry])
    parts = ", ".join(t(one.title) for one in needed)
    megabytes = sum(one.megabytes for one in needed)
    st.markdown(
        md(t("Not installed yet: {parts}. About {num} MB to download.", parts=parts, num=megabytes))
    )
    if st.button(t("Install"), icon=":material/extension:", key="export-install"):
        with widgets.mendable():
            bar = st.progress(0.0, text=t("Installing…"))

            def tell(share: float, line: str) -> None:
                bar.progress(share, text=line or None)

            environments.install(needed, tell)
            st.rerun(scope="fragment")
