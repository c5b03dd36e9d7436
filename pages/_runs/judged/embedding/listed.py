"""The images of the map as a table, for keyboard and screen reader; those amid others first."""

import pandas as pd
import streamlit as st

from core.judging import neighbours
from core.records import Run, Split
from pages._runs.judged.embedding.shown import MapPictures
from pages._shared.widgets import t

_ROW, _MOST_ROWS = 36, 10  # pixels, and rows before it has to be scrolled


def draw(run: Run, shown: MapPictures, rows: list[int]) -> set[int]:
    """Draw the table, and give the pictures whose rows were selected."""
    ordered = sorted(rows, key=lambda row: (int(shown.made.near[row]), not shown.wrong[row], row))
    with st.expander(t("As a table"), icon=":material/table_rows:", key="map-listed"):
        st.caption(t("Those with the fewest neighbours of their class come first."))
        picked = st.dataframe(
            table(shown, ordered),
            hide_index=True,
            height=_ROW * (min(len(ordered), _MOST_ROWS) + 1),
            key=f"map-table-{run.id}-{hash(tuple(ordered))}",
            on_select="rerun",
            selection_mode="multi-row",
            alt=t("The images of the map, those amid other classes first"),
            column_config={
                "true": st.column_config.TextColumn(t("Class")),
                "named": st.column_config.TextColumn(t("Named by the model")),
                "near": st.column_config.NumberColumn(
                    t("Neighbours of its class"),
                    help=t("Of the {num} nearest on the map.", num=neighbours.NUMBER),
                ),
                "part": st.column_config.TextColumn(t("Part")),
                "file": st.column_config.TextColumn(t("File")),
            },
        )
    return {ordered[at] for at in picked.selection.rows if at < len(ordered)}


def table(shown: MapPictures, rows: list[int]) -> pd.DataFrame:
    """Give a row for each image."""
    parts = {
        Split.VALIDATION: t("validation"),
        Split.TEST: t("test"),
        Split.TRAIN: t("training"),
    }
    return pd.DataFrame(
        {
            "true": [shown.labels[shown.made.labels[row]] for row in rows],
            "named": [_named(shown, row) for row in rows],
            "near": [int(shown.made.near[row]) for row in rows],
            "part": [parts[shown.made.parts[row]] for row in rows],
            "file": [_file(shown, row) for row in rows],
        }
    )


def _file(shown: MapPictures, row: int) -> str:
    image = shown.by_row.get(row)
    return shown.made.contents[row] if image is None else image.file


def _named(shown: MapPictures, row: int) -> str:
    if shown.named[row] < 0:
        return ""
    return shown.labels[shown.named[row]] if shown.wrong[row] else f"✓ {t('right')}"
