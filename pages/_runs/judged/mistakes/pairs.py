"""The cells of the matrix as a table, the most frequent mistakes first; also of many classes."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from core.insights.evaluation import Judged
from pages._runs.judged.mistakes import cell as cells
from pages._runs.judged.mistakes.cell import Cell
from pages._shared import run_words as words
from pages._shared.widgets import t

_ROW = 36  # pixels
_NAME, _LONG = 130, 16  # pixels, and letters from which on a name is cut
_MOST_ROWS, _MOST_ALONE = 7, 16  # below the matrix, and where there is none


def draw(judged: Judged, chosen: Cell | None, *, key: str, alone: bool) -> None:
    """Draw the table; a row that is selected opens the pictures of its cell.

    ``alone``: there is no matrix above it.
    """
    listed = ordered(judged)
    selected = [listed.index(chosen)] if chosen in listed else []
    st.session_state[key] = {"selection": {"rows": selected}}
    st.dataframe(
        _table(judged, listed),
        hide_index=True,
        height=_ROW * (min(len(listed), _MOST_ALONE if alone else _MOST_ROWS) + 1),
        key=key,
        on_select=partial(_selected, key, listed, chosen),
        selection_mode="single-row",
        alt=t("The cells of the confusion matrix, the most frequent mistakes first"),
        column_config={
            "true": st.column_config.TextColumn(t("True class"), width=_width(judged)),
            "named": st.column_config.TextColumn(t("Named by the model"), width=_width(judged)),
            "images": st.column_config.NumberColumn(t("Images"), width="small"),
            "share": st.column_config.TextColumn(t("Share"), width="small"),
        },
    )


def _width(judged: Judged) -> int | None:
    """Keep the columns of long names so narrow that the numbers behind them are seen."""
    return _NAME if max(map(len, judged.labels)) > _LONG else None


def ordered(judged: Judged) -> list[Cell]:
    """List the cells that hold images: mistakes by their number, then what is right."""
    found = [(int(i), int(j)) for i, j in np.argwhere(judged.confusion)]
    return sorted(found, key=lambda c: (c[0] == c[1], -judged.confusion[c], c))


def _table(judged: Judged, listed: Sequence[Cell]) -> pd.DataFrame:
    images = judged.confusion.sum(axis=1)
    return pd.DataFrame(
        {
            "true": [judged.labels[i] for i, _ in listed],
            "named": [f"✓ {t('right')}" if i == j else judged.labels[j] for i, j in listed],
            "images": [int(judged.confusion[c]) for c in listed],
            "share": [words.percent(judged.confusion[c] / images[c[0]]) for c in listed],
        }
    )


def _selected(key: str, listed: Sequence[Cell], chosen: Cell | None) -> None:
    """Open the cell that was selected; it is told also of what the page itself selected."""
    rows = st.session_state[key]["selection"]["rows"]
    selected = listed[rows[0]] if rows else None
    if selected != (chosen if chosen in listed else None):
        cells.show(selected)
