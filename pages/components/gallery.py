"""Small pictures in a grid; mouse and keyboard enlarge and choose them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import streamlit as st

from pages._shared.widgets import t, url
from pages.components import component

_HTML = '<div id="grid" role="group"></div>\n<dialog id="box"></dialog>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One picture: what it is for the program, where it lies, and what people read."""

    id: str
    src: str  # the small picture
    full: str  # the large one
    alt: str
    caption: str
    title: str  # what is said of it where there is room
    mark: str = ""  # a word in its corner
    share: float | None = None  # 0..1, drawn as a bar under the caption
    note: str = ""  # a smaller line, cut where it is too long
    is_open: bool = False  # enlarged by the page, which then says more of it


def thumbnail_url(dataset_id: str, content: str) -> str:
    """Give the address of an image's small picture."""
    return url(f"/api/thumbnail/{dataset_id}/{content}")


def image_url(dataset_id: str, content: str) -> str:
    """Give the address of our copy of an image, in its whole size."""
    return url(f"/api/image/{dataset_id}/{content}")


def gallery(
    tiles: Sequence[Tile],
    *,
    key: str,
    label: str,
    selectable: bool = False,
    size: int = 104,
    on_open: Callable[[str], None] | None = None,
) -> tuple[str, ...]:
    """Draw the grid of tiles, ``size`` pixels wide or more, and give the ids that are chosen.

    ``on_open`` is called with the id of one that is pressed, in place of enlarging it.
    """

    def opened() -> None:
        if on_open is not None and (asked := st.session_state[key]["opened"]) in known:
            on_open(asked)

    known = {tile.id for tile in tiles}
    before = (st.session_state.get(key) or {}).get("selected") or []
    answer = component("gallery", _HTML)(
        key=key,
        data={
            "items": [asdict(replace(tile, is_open=False)) for tile in tiles],
            "opened": next((tile.id for tile in tiles if tile.is_open), ""),
            "label": label,
            "selectable": selectable,
            "size": size,
            "opens": on_open is not None,
            "words": _words(),
            "selected": [name for name in before if name in known],
        },
        default={"selected": []},
        on_selected_change=lambda: None,
        on_opened_change=opened,
    )
    return tuple(name for name in answer.selected or () if name in known)


def _words() -> dict[str, str]:
    return {
        "enlarge": t("Enlarge"),
        "choose": t("Choose"),
        "previous": t("Previous image"),
        "next": t("Next image"),
        "close": t("Close"),
    }
