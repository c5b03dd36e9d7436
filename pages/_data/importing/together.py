"""Which images belong together, for those who know it before Thaw has looked."""

import streamlit as st

from pages._shared.widgets import t


def choose_way() -> str:
    """Let those say which images belong together who know it before Thaw has looked."""
    ways = {
        "": t("Let Thaw look: it asks where lists, names, folders or times speak for something"),
        "none": t("Only copies of one photo and bursts of the webcam"),
        "time": t("Photos of one class taken within a minute of each other"),
        "prefix": t("Files whose names begin alike: ward3_001, ward3_002"),
        "folder": t("Files in the same sub-folder of a class"),
    }
    with st.expander(t("Which images belong together?"), icon=":material/link:"):
        st.caption(
            t(
                "Photos of one thing, one person or one day are easy to recognise again. Kept on "
                "one side of the split they cannot make the score look better than it is."
            )
        )
        return str(
            st.radio(
                t("Kept together"),
                list(ways),
                format_func=lambda way: ways[way],
                key="group_by",
                label_visibility="collapsed",
            )
        )
