"""The way from one enlarged picture to the ones before and after it."""

from collections.abc import Callable

import streamlit as st

from pages._shared.widgets import t


def draw_steps(at: int, num: int, go: Callable[[int], None]) -> None:
    """Draw two buttons, and the number of the picture; after the last comes the first.

    A button that is pressed stays enabled: else the keyboard's focus would leave the dialog, and
    Escape would no longer close it. ``go`` is called with the index of the picture to show.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, to in (
            (t("Previous image"), ":material/chevron_left:", at - 1),
            (t("Next image"), ":material/chevron_right:", at + 1),
        ):
            st.button(
                label,
                icon=icon,
                disabled=num == 1,
                key=f"step-{icon}",
                on_click=go,
                args=(to % num,),
            )
        st.caption(t("{number} of {num}", number=at + 1, num=num), width="content")
