"""A model on its way out: what is done with it now stands beside the wheel that turns."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.exports.store import Tell
from core.words import Message
from pages._shared import widgets
from pages._shared.widgets import md, t


@contextmanager
def shown() -> Iterator[Tell]:
    """Show each step that is told, then draw the fragment anew; a refusal stays on the page."""
    with widgets.mendable():
        with st.spinner(t("Making and trying it…"), show_time=True):
            place = st.empty()

            def tell(message: Message) -> None:
                place.caption(md(t(message)))

            try:
                yield tell
            finally:
                place.empty()
        st.rerun(scope="fragment")
