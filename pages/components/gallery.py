"""Small pictures in a grid, from the thumbnail route; they can be chosen by mouse and keyboard."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages._shared.widgets import url
from pages.components import component

_HTML = '<div id="grid" role="group"></div>\n<!-- filled by the script -->'


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One picture: what it is for the program, where it lies, and what people read."""

    id: str
    src: str
    alt: str
    caption: str
    mark: str = ""  # a word in its corner


def thumbnail_url(dataset_id: str, content: str) -> str:
    """Give the address of an image's small picture."""
    return url(f"/api/thumbnail/{dataset_id}/{content}")


def gallery(
    tiles: Sequence[Tile], *, key: str, label: str, selectable: bool = False
) -> tuple[str, ...]:
    """Draw the grid and give the ids that are chosen."""
    known = {tile.id for tile in tiles}
    before = (st.session_state.get(key) or {}).get("selected") or []
    answer = component("gallery", _HTML)(
        key=key,
        data={
            "items": [asdict(tile) for tile in tiles],
            "label": label,
            "selectable": selectable,
            "selected": [name for name in before if name in known],
        },
        default={"selected": []},
        on_selected_change=lambda: None,
    )
    return tuple(name for name in answer.selected or () if name in known)
