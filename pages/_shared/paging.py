"""One page of many things, and the choice of the page below it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import streamlit as st

Item = TypeVar("Item")


@contextmanager
def page_of(items: Sequence[Item], size: int, *, key: str) -> Iterator[Sequence[Item]]:
    """Give one page of many things, to be drawn above the choice of the page."""
    num_pages = max(1, -(-len(items) // size))
    slot, number = st.container(), 1
    if num_pages > 1:
        with st.container(horizontal_alignment="center"):
            number = st.pagination(num_pages, key=key)
    with slot:
        yield items[(number - 1) * size : number * size]
