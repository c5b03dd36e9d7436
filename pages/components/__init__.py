"""Our few components: each a .py with its .js and .css beside it."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


@cache
def component(name: str, html: str, *scripts: str, is_alone: bool = True) -> Any:
    """Register a component once: its style and script bear its name; shared scripts go first.

    One that is not alone lies in the page itself and not in a shadow: there alone Streamlit's
    dialogs let the keyboard in, and give the focus back.
    """
    here = Path(__file__).parent
    texts = [(here / f"{script}.js").read_text(encoding="utf-8") for script in (*scripts, name)]
    return st.components.v2.component(
        f"thaw_{name}",
        html=html,
        css=(here / f"{name}.css").read_text(encoding="utf-8"),
        js="\n".join(texts),
        isolate_styles=is_alone,
    )
