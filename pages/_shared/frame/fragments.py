"""Parts of a page that run again by themselves: always in the workspace of who looks at them."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

import streamlit as st

from core.web import access
from pages._shared.frame.problems import draw_left
from pages._shared.frame.visitor import workspace

F = TypeVar("F", bound=Callable[..., Any])


def fragment(function: F) -> F:
    """Make a part of a page that runs by itself, as `st.fragment` does.

    It runs without the page around it, often in another thread: what belongs to a workspace, such
    as backbones that a user brought, is looked up anew.
    """
    return st.fragment(_at_home(function))


def fragment_every(period: str | timedelta | None) -> Callable[[F], F]:
    """Make a part of a page run by itself as often as that; None: only when it is used."""
    return lambda function: st.fragment(_at_home(function), run_every=period)


def dialog(title: str, **look: Any) -> Callable[[F], F]:
    """Make a dialog of a function, as `st.dialog` does; see `fragment`."""
    return lambda function: st.dialog(title, **look)(_at_home(function))


def _at_home(function: F) -> F:
    @wraps(function)
    def at_home(*arguments: Any, **options: Any) -> Any:
        try:
            workspace()
        except access.NotAdmittedError:
            draw_left()
            return None
        return function(*arguments, **options)

    return at_home  # type: ignore[return-value]
