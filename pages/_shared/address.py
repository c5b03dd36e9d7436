"""Choices that live in the address bar, so that a link, a reload and Back show the same again.

Streamlit's own binding writes the translated labels into the address; here it is the values.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import streamlit as st

from pages._shared.words import t


def choose(
    widget: Callable[..., Any],
    label: str,
    options: Sequence[str],
    *,
    key: str,
    default: str | None = None,
    first: str | None = None,
    renamed: Mapping[str, str] = MappingProxyType({}),
    **look: Any,
) -> str:
    """Draw a widget of one choice: the address says which.

    Links of old name a choice as it was called then: ``renamed`` gives its name today.
    An address without it means the ``default``. Where there is none, such as of data sets, what
    was chosen last is filled in, on any page; before anything was, ``first``.
    """
    state, asked = st.session_state, st.query_params.get(key)
    asked = renamed.get(asked or "", asked)
    wanted = (asked, state.get(f"at-{key}", first) if default is None else default)
    value = next((v for v in wanted if v in options), options[0])
    state[f"pick-{key}"] = value
    picked = widget(
        label, options, key=f"pick-{key}", on_change=_picked, args=(key, default), **look
    )
    value = str(picked or value)
    if default is None:
        remember(key, value)
        if asked is None:
            rename(**{key: value})
        elif asked not in options:
            st.caption(t("What this address asks for is gone. Here is another."))
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


def remember(key: str, value: str) -> None:
    """Keep a choice for addresses that leave it open."""
    st.session_state[f"at-{key}"] = value


def step(**choices: str | None) -> None:
    """Change the address by one step, that Back takes back; None takes a choice out."""
    changed = st.query_params.to_dict() | choices
    st.query_params.from_dict({name: value for name, value in changed.items() if value is not None})


def rename(**choices: str | None) -> None:
    """Change the address of what is shown; None takes a choice out.

    Unlike `st.query_params` this makes no step that Back would stop at. The page then runs again.
    """
    told = json.dumps(choices).replace("<", "\\u003c")
    st.html(_RENAME.replace("CHOICES", told), unsafe_allow_javascript=True)


_RENAME = """<script>(() => {
    const url = new URL(location)
    for (const [key, value] of Object.entries(CHOICES))
        value === null ? url.searchParams.delete(key) : url.searchParams.set(key, value)
    history.replaceState({}, "", url)
    dispatchEvent(new PopStateEvent("popstate"))
})()</script>"""


def lead_to_the_beginning() -> None:
    """Have a page's link in the side bar lead to its beginning, also when pressed on that page."""
    st.html(f"<script>{_pressed_again()}</script>", unsafe_allow_javascript=True)


@cache
def _pressed_again() -> str:
    return Path(__file__).with_name("pressed_again.js").read_text(encoding="utf-8")


def _picked(key: str, default: str | None) -> None:
    picked = st.session_state[f"pick-{key}"]
    if picked == default:
        st.query_params.pop(key, None)
    elif picked:
        st.query_params[key] = picked
