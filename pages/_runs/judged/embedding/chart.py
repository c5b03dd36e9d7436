"""The map as a chart: a point that is pressed opens, and those that are surrounded are chosen."""

from functools import partial
from typing import Any

import streamlit as st

from core.records import Run
from pages._runs.judged.embedding import drawing
from pages._runs.judged.embedding.shown import MapPictures
from pages._runs.judged.mistakes import cell as cells
from pages._shared.widgets import nt, t

_PRESSED = "map-pressed"  # how often a point was: each time the chart begins anew
LOOK, SURROUND = "look", "surround"  # Streamlit takes a press or a line round points, not both


def draw(run: Run, shown: MapPictures, rows: list[int]) -> set[int]:
    """Draw the map, and give the pictures that were surrounded; one that is pressed opens."""
    does = _choose_what_the_mouse_does()
    key = f"map-{run.id}-{shown.made.source[:8]}-{does}-{st.session_state.get(_PRESSED, 0)}"
    drawn = drawing.figure(shown, rows)
    drawn.update_layout(dragmode="pan" if does == LOOK else "lasso")
    event = st.plotly_chart(
        drawn,
        key=key,
        on_select=partial(_pressed, key) if does == LOOK else "rerun",
        selection_mode="points" if does == LOOK else ("lasso", "box"),
        config={"displaylogo": False, "modeBarButtonsToRemove": ["autoScale2d", "toImage"]},
        alt=_alt(shown, rows),
    )
    selection: Any = event.selection
    return set() if does == LOOK else _picked(selection) & set(rows)


def _choose_what_the_mouse_does() -> str:
    told = {
        LOOK: f":material/touch_app: {t('Press to look')}",
        SURROUND: f":material/gesture: {t('Draw around to choose')}",
    }
    chosen = st.segmented_control(
        t("What the mouse does"),
        list(told),
        default=LOOK,
        required=True,
        format_func=lambda name: told[name],
        key="map-mouse",
        label_visibility="collapsed",
        wrap=True,
    )
    return str(chosen or LOOK)


def _picked(selection: Any) -> set[int]:
    """Give the pictures of a selection; two traces may hold the same."""
    return {int(point["customdata"][0]) for point in selection.get("points", ())}


def _pressed(key: str) -> None:
    """Open the picture of a point that was pressed."""
    picked = _picked(st.session_state[key]["selection"])
    if len(picked) == 1:
        st.session_state[_PRESSED] = st.session_state.get(_PRESSED, 0) + 1
        cells.enlarge(picked.pop())


def _alt(shown: MapPictures, rows: list[int]) -> str:
    return nt(
        "Map of {num} image, of which {wrong} are named wrongly. The table below it has every "
        "image.",
        "Map of {num} images, of which {wrong} are named wrongly. The table below it has every "
        "image.",
        num=len(rows),
        wrong=int(shown.wrong[rows].sum()),
    )
