"""The one rule of looks that no setting has: the text on filled buttons in the dark theme.

Streamlit writes it in white, and the accent is text elsewhere; on a dark page no colour is light
enough to be read and dark enough to be written on in white.
"""

import streamlit as st

_FILLED = "[data-testid^='stBaseButton-primary']:not(:disabled, :hover, :focus-visible)"
_RULE = "<style>{filled} {{ color: {colour} }}</style>"


def draw() -> None:
    """Write on filled buttons in the colour of the page, until Streamlit darkens them."""
    if st.context.theme.type == "dark":
        st.html(_RULE.format(filled=_FILLED, colour=st.get_option("theme.dark.backgroundColor")))
