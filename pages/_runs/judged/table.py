"""A table of what was judged, as high as its rows until it has to be scrolled."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

_ROW = 36  # pixels


def draw_table(
    rows: Sequence[Mapping[str, object]],
    columns: Mapping[str, Any],
    *,
    alt: str,
    key: str,
    most_rows: int,
) -> None:
    """Draw rows under the columns that Streamlit is told of, by the keys of the rows."""
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=_ROW * (min(len(rows), most_rows) + 1),
        alt=alt,
        key=key,
        column_config=dict(columns),
    )
