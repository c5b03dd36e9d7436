"""The Data page's question how the names in a ZIP are written, where the ZIP does not say."""

from pathlib import Path

import streamlit as st

from core.ingest.archives import archive
from pages._shared.widgets import md, t


def choose(source: Path | None) -> str | None:
    """Give the encoding of an archive's names: empty where it is clear, None until it is chosen."""
    readings = archive.name_readings(source) if source else {}
    if not readings:
        return ""
    st.subheader(t("Which of these reads right?"), anchor=False)
    st.caption(t("This ZIP does not say how the names in it are written."))
    encoding = st.radio(
        t("The names in the ZIP"),
        list(readings),
        format_func=lambda name: md(" · ".join(readings[name])),
        captions=[_titles().get(name, name) for name in readings],
        key="encoding",
        label_visibility="collapsed",
    )
    asked = st.button(
        t("Go on with these names"), type="primary", icon=":material/check:", key="encoded"
    )
    return str(encoding) if asked else None


def _titles() -> dict[str, str]:
    return {
        "gbk": t("Simplified Chinese"),
        "big5": t("Traditional Chinese"),
        "cp932": t("Japanese"),
        "euc_kr": t("Korean"),
        "cp437": t("Western European, older systems"),
        "cp1252": t("Western European, Windows"),
        "cp1251": t("Cyrillic"),
    }
