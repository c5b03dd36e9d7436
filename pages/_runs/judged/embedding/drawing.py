"""How a map is drawn: a colour and a shape for each class, mistakes ringed, no axes."""

from html import escape
from math import lcm
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from pages._runs.judged.embedding.shown import MapPictures
from pages._shared.charts import style
from pages._shared.widgets import t

SHAPES = (
    *("circle", "square", "diamond", "cross", "x"),
    *("triangle-up", "triangle-down", "star", "hexagon"),
)
MOST_DRAWN = 2500  # points as shapes of the page; more are painted by the graphics card
_SIZE, _LEARNED, _RING = 8, 6, 15  # pixels
_HEIGHT, _LINE = 520, 24  # pixels: of the map, and of a line of its legend
_PER_LINE, _MOST_LINES = 3, 6  # classes in a line of the legend, about; of more it scrolls
_MOST_LETTERS = 60  # of a file's name under the mouse


def figure(shown: MapPictures, rows: list[int]) -> go.Figure:
    """Give the chart: a trace for each class, and one of rings."""
    made, trace = go.Figure(), go.Scattergl if len(rows) > MOST_DRAWN else go.Scatter
    labels, numbers = shown.made.labels[rows], np.array(rows, np.int64)
    for number, name in enumerate(shown.labels):
        if len(own := numbers[labels == number]):
            made.add_trace(trace(_of_class(shown, own, number), name=escape(name)))
    if len(wrong := numbers[shown.wrong[rows]]):
        made.add_trace(trace(_rings(shown, wrong), name=t("named wrongly")))
    _lay_out(made, shown)
    return made


def _of_class(shown: MapPictures, rows: NDArray[np.int64], number: int) -> dict[str, Any]:
    """Give the points of a class; those that the model learned from are smaller and paler."""
    learned = shown.named[rows] < 0
    return {
        **_places(shown, rows),
        "marker": {
            **mark(number),
            "size": np.where(learned, _LEARNED, _SIZE),
            "opacity": np.where(learned, 0.5, 0.9),
        },
        "hovertext": [_told(shown, row) for row in rows.tolist()],
        "hoverinfo": "text",
    }


def _rings(shown: MapPictures, rows: NDArray[np.int64]) -> dict[str, Any]:
    ring = {"symbol": "circle-open", "size": _RING, "color": _theme("textColor")}
    return {**_places(shown, rows), "marker": ring, "hoverinfo": "skip"}


def _places(shown: MapPictures, rows: NDArray[np.int64]) -> dict[str, Any]:
    places = shown.made.positions[rows]
    return {
        "x": places[:, 0],
        "y": places[:, 1],
        "customdata": [[row] for row in rows.tolist()],  # an array would come back otherwise
        "mode": "markers",
        "unselected": {"marker": {"opacity": 0.25}},
    }


def mark(number: int) -> dict[str, str]:
    """Give a class its colour and shape: no two are alike before all pairs of them are taken."""
    colours = _theme("chartCategoricalColors")
    again = number // lcm(len(colours), len(SHAPES))
    shape = SHAPES[(number + again) % len(SHAPES)]
    return {"color": colours[number % len(colours)], "symbol": shape}


def _theme(option: str) -> Any:
    return st.get_option(f"theme.{st.context.theme.type or 'light'}.{option}")


def _told(shown: MapPictures, row: int) -> str:
    """Say of a point which file it is, what it is, and what it is taken for."""
    image, named = shown.by_row.get(row), int(shown.named[row])
    true = shown.labels[shown.made.labels[row]]
    told = true if named < 0 else f"{true} ✓"
    if shown.wrong[row]:
        told = f"{true} → {shown.labels[named]}"
    file = image.file if image is not None else ""
    return "<br>".join(escape(_short(text)) for text in (file, told) if text)


def _short(text: str) -> str:
    """Cut what is too long in its middle: the end of a file's name tells most."""
    half = _MOST_LETTERS // 2
    return text if len(text) <= _MOST_LETTERS else f"{text[:half]}…{text[-half:]}"


def _lay_out(made: go.Figure, shown: MapPictures) -> None:
    """Keep the frame of the whole map whatever is shown of it; its axes mean nothing."""
    style(made)
    lines = -(-(len(shown.labels) + 1) // _PER_LINE)
    low, high = shown.made.positions.min(axis=0), shown.made.positions.max(axis=0)
    edge = 0.05 * float((high - low).max())
    hidden = {"showticklabels": False, "showgrid": False, "zeroline": False, "title": None}
    made.update_layout(
        height=_HEIGHT + _LINE * min(lines, _MOST_LINES),
        margin={"l": 4, "r": 4, "t": 28, "b": 8},
        legend={
            **{"orientation": "h", "y": -0.02, "yanchor": "top", "itemsizing": "constant"},
            "maxheight": _LINE * _MOST_LINES,
        },
        hovermode="closest",
        uirevision=shown.made.source,
    )
    made.update_xaxes(range=[low[0] - edge, high[0] + edge], **hidden)
    made.update_yaxes(range=[low[1] - edge, high[1] + edge], **hidden)
