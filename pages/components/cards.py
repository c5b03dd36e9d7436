"""Cards of which one is chosen: a group of radio buttons, by mouse, keyboard and screen reader."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from pages.components import component

_HTML = '<div id="cards" role="radiogroup"></div>\n<!-- filled by the script -->'


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card: what it is for the program, and what people read, in plain text."""

    id: str
    title: str
    note: str  # beside the title: how long it takes
    sentence: str
    span: tuple[float, float] | None = None  # 0..1, drawn below as a part of a line


def cards(
    label: str,
    options: Sequence[str],
    *,
    faces: Sequence[Card],
    key: str,
    on_change: Callable[..., None],
    args: tuple[Any, ...] = (),
) -> str:
    """Draw a card for each option and give the one in ``st.session_state[key]``.

    ``on_change`` is called with ``args`` after another one was chosen.
    """
    at = f"{key}-cards"

    def picked() -> None:
        st.session_state[key] = st.session_state[at]["picked"]
        on_change(*args)

    chosen = str(st.session_state[key])
    component("cards", _HTML)(
        key=at,
        data={"label": label, "chosen": chosen, "cards": [asdict(face) for face in faces]},
        on_picked_change=picked,
    )
    return chosen
