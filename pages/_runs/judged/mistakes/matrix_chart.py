"""The confusion matrix in the language of Vega-Lite: what its cells tell, and how they look."""

from collections.abc import Iterator
from typing import Any

import streamlit as st

from core.insights.evaluation import Judged
from pages._runs.judged.mistakes.cell import Cell
from pages._shared.charts import whole
from pages._shared.widgets import t

STRONGEST = 0.5  # so that the numbers on it can be read in both themes
_MANY = 12  # classes from which on there is less room for each
_STEP, _SMALL_STEP = 34, 26  # pixels, the height of a cell
_LABEL, _SHORT_LABEL = 110, 70  # pixels, of the name of a class
_TITLE = 40


def rows(judged: Judged, chosen: Cell | None, *, in_shares: bool) -> Iterator[dict[str, Any]]:
    """Give what each cell shows; the chosen one comes last, so that its frame lies on top."""
    num_true = judged.confusion.sum(axis=1)
    everyone = [(i, j) for i in range(len(num_true)) for j in range(len(num_true))]
    for i, j in sorted(everyone, key=lambda cell: cell == chosen):
        num = int(judged.confusion[i, j])
        share = num / int(num_true[i]) if num else 0.0
        yield {
            "i": i,
            "j": j,
            "true": judged.labels[i],
            "named": judged.labels[j],
            "images": num,
            "share": _percent(share),
            "text": (_percent(share) if in_shares else f"{num}") if num else "",
            "kind": "right" if i == j else "wrong",
            "strength": 0.1 + (STRONGEST - 0.1) * share**0.5 if num else 0.0,
            "line": 3.0 if (i, j) == chosen else 1.0,
            "frame": "chosen" if (i, j) == chosen else "other",
        }


def spec(judged: Judged, *, longest: int) -> dict[str, Any]:
    """Give the chart in the language of Vega-Lite; ``longest``: digits of the longest number."""
    num = len(judged.labels)
    step, label = (_STEP, _LABEL) if num < _MANY else (_SMALL_STEP, _SHORT_LABEL)
    axis = {"labelLimit": label, "ticks": False, "domain": False, "labelOverlap": False}
    by_name = {"type": "nominal", "sort": list(judged.labels)}
    told = {"true": t("True class"), "named": t("Named by the model"), "images": t("Images"),
            "share": t("Percent of the true class")}  # fmt: skip
    top = {**axis, "orient": "top", "labelAngle": -90, "title": t("Named by the model")}
    return {
        "height": num * step + label + _TITLE,
        "encoding": {
            "x": {"field": "named", **by_name, "axis": top},
            "y": {"field": "true", **by_name, "axis": {**axis, "title": t("True class")}},
            "tooltip": [{"field": field, "title": title} for field, title in told.items()],
        },
        "layer": [_rects(), _numbers(num, longest)],
    }


def _rects() -> dict[str, Any]:
    """Give the cells: right and wrong in two colours, the more of a class the stronger."""
    colour = {"domain": ["right", "wrong"], "range": list(_theme("chartCategoricalColors")[:2])}
    frame = {"domain": ["chosen", "other"], "range": [_theme("textColor"), _theme("borderColor")]}
    return {
        "mark": {"type": "rect", "cursor": "pointer"},
        "params": [
            {"name": "cell", "select": {"type": "point", "fields": ["i", "j"]}, "value": []}
        ],
        "encoding": {
            "fill": {"field": "kind", "type": "nominal", "scale": colour, "legend": None},
            "stroke": {"field": "frame", "type": "nominal", "scale": frame, "legend": None},
            "fillOpacity": {"field": "strength", "type": "quantitative", "scale": None},
            "strokeWidth": {"field": "line", "type": "quantitative", "scale": None},
        },
    }


def _numbers(num: int, longest: int) -> dict[str, Any]:
    """Give the numbers in the cells, smaller where the chart is narrow."""
    return {
        "mark": {
            "type": "text",
            "color": _theme("textColor"),
            "cursor": "pointer",
            "fontSize": {"expr": f"min(13, {1.5 / max(longest, 1):.2f} * width / {num})"},
        },
        "encoding": {"text": {"field": "text"}},
    }


def _theme(option: str) -> Any:
    return st.get_option(f"theme.{st.context.theme.type or 'light'}.{option}")


def _percent(share: float) -> str:
    """Write a share for a small cell: 0 is none, and 100 all."""
    number = round(100 * whole(share))
    return "<1" if share and not number else f"{number}"
