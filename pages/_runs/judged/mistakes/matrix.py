"""The confusion matrix as a chart: a click on a cell opens its pictures."""

from functools import partial

import pandas as pd
import streamlit as st

from core.insights.evaluation import Judged
from pages._runs.judged.mistakes import cell as cells, matrix_chart
from pages._runs.judged.mistakes.cell import Cell
from pages._shared.widgets import choose, nt, t

MOST = 20  # classes that are drawn; of more there is the table alone
COUNTS, SHARES = "counts", "shares"


def draw(judged: Judged, chosen: Cell | None, *, key: str) -> None:
    """Draw it in counts or in shares of the true class."""
    kind = choose(
        st.segmented_control,
        t("What a cell tells"),
        [COUNTS, SHARES],
        default=COUNTS,
        key="matrix",
        required=True,
        format_func=lambda name: t("Counts") if name == COUNTS else t("Percent of the true class"),
        label_visibility="collapsed",
    )
    at = f"{key}-{chosen}"  # a chart of its own for each choice: a second press is a press again
    told = pd.DataFrame(matrix_chart.rows(judged, chosen, in_shares=kind == SHARES))
    st.vega_lite_chart(
        told,
        matrix_chart.spec(judged, longest=int(told["text"].str.len().max())),
        key=at,
        on_select=partial(_pressed, at, chosen),
        selection_mode="cell",
        alt=_told(judged),
    )


def _told(judged: Judged) -> str:
    """Say in a sentence what the chart shows; the table below it has every cell."""
    return nt(
        "Confusion matrix of {num} class: of {images} images {wrong} are named wrongly. The table "
        "below has every cell.",
        "Confusion matrix of {num} classes: of {images} images {wrong} are named wrongly. The "
        "table below has every cell.",
        num=len(judged.labels),
        images=int(judged.confusion.sum()),
        wrong=len(judged.mistakes),
    )


def _pressed(key: str, chosen: Cell | None) -> None:
    """Open the cell that was pressed; pressed again, it is closed."""
    found = st.session_state[key]["selection"].get("cell")
    if found:
        pressed = int(found[0]["i"]), int(found[0]["j"])
        cells.show(None if pressed == chosen else pressed)
