"""Choices that live in the address bar, so that a link or a reload shows the same again.

Streamlit's own binding writes the translated labels into the address; here it is the values.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st


def choose(
    widget: Callable[..., Any],
    label: str,
    options: Sequence[str],
    *,
    key: str,
    default: str | None = None,
    **look: Any,
) -> str:
    """Draw a widget of one choice: what the address names, else what was chosen before.

    ``default`` is left out of the address; without one, the choice is always in it.
    """
    state, chosen = st.session_state, (st.query_params.get(key), st.session_state.get(f"at-{key}"))
    value = next((v for v in (*chosen, default) if v in options), options[0])
    state[f"pick-{key}"] = value
    picked = widget(
        label, options, key=f"pick-{key}", on_change=_picked, args=(key, default), **look
    )
    value = str(picked or value)
    set_choice(key, value, default=default)
    return value


def choose_tab(
    label: str, titles: Mapping[str, tuple[str, str]], *, key: str, default: str, **look: Any
) -> str:
    """Draw a row of icons with words, one of which is always chosen."""
    return choose(
        st.segmented_control,
        label,
        list(titles),
        key=key,
        default=default,
        required=True,
        format_func=lambda name: " ".join(titles[name]),
        wrap=True,
        **look,
    )


def set_choice(key: str, value: str, *, default: str | None = None) -> None:
    """Write a choice into the address and remember it for other pages."""
    st.session_state[f"at-{key}"] = value
    if value == default:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value


def _picked(key: str, default: str | None) -> None:
    if picked := st.session_state[f"pick-{key}"]:
        set_choice(key, picked, default=default)
