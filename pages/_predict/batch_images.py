"""The images of a folder with what the model named them, page by page, to be marked."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.batch_predictions import source
from core.batch_predictions.store import Batch
from core.batch_predictions.summary import Summary, folder_of_file
from core.records import Run
from core.records.batches import BatchRow
from core.workspace import Workspace
from pages._predict import batch_marks, marks
from pages._predict.tiles import SIZE
from pages._shared.charts import whole
from pages._shared.paging import page_of
from pages._shared.run_words import percent
from pages._shared.widgets import nt, t, url
from pages.components.gallery import Tile, gallery

PER_PAGE = 48
MOST_ROWS = 20_000  # of a table in the browser at once


@dataclass(frozen=True, slots=True)
class _View:
    """Which images are shown, and how."""

    label: str  # empty: all classes
    folder: str | None  # None: all folders
    doubtful: bool  # the least sure first
    as_table: bool

    def of(self, rows: Sequence[BatchRow]) -> list[BatchRow]:
        shown = [
            row
            for row in rows
            if row.content
            and self.label in ("", row.answer.label)
            and self.folder in (None, folder_of_file(row.answer.file))
        ]
        return sorted(shown, key=lambda row: row.answer.confidence) if self.doubtful else shown


def draw(
    ws: Workspace, batch: Batch, run: Run | None, rows: Sequence[BatchRow], counted: Summary
) -> None:
    """Draw the filters and a page of images; where the run is there, they can be marked."""
    st.subheader(t("The images"), anchor=False)
    view = _choose_view(counted)
    shown = view.of(rows)
    st.caption(nt("{num} image", "{num} images", num=len(shown)))
    if view.as_table:
        _table(shown[:MOST_ROWS])
    else:
        _tiles(ws, batch, run, rows, shown)


def _tiles(
    ws: Workspace,
    batch: Batch,
    run: Run | None,
    rows: Sequence[BatchRow],
    shown: Sequence[BatchRow],
) -> None:
    """Draw a page of tiles, and what is said of them; that is kept with the batch."""
    batch_marks.keep(ws, batch)
    bar = st.container()
    first = shown[0].answer.file if shown else ""
    with page_of(shown, PER_PAGE, key=f"batch_page-{len(shown)}-{first}") as part:
        first = part[0].answer.file if part else ""
        chosen = gallery(
            [_tile(batch, row) for row in part],
            key=f"batch-{batch.id}-{len(shown)}-{first}-{marks.num_changes()}",
            label=t("Images to choose from"),
            selectable=run is not None,
            size=SIZE,
        )
    if run is None:
        return
    named = {batch_marks.key(batch, r.answer.file): r.answer.label for r in rows if r.content}
    with bar:
        marks.draw_bar(chosen, named, batch.request.labels)
    marks.draw_tally(
        ws, run, named, lambda keys: source.originals(ws, batch.id, batch_marks.files(batch, keys))
    )


def _choose_view(counted: Summary) -> _View:
    """Draw what narrows the images down."""
    counts = {entry.name: entry.count for entry in counted.classes}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            t("Class"),
            ["", *counts],
            format_func=lambda name: f"{name} · {counts[name]}" if name else t("All classes"),
            key="batch-class",
            width=200,
        )
        folder = None
        if len(counted.folders) > 1:
            folder = st.selectbox(
                t("Folder"),
                [None, *(row.folder for row in counted.folders)],
                format_func=lambda name: t("All folders") if name is None else name or ".",
                key="batch-folder-shown",
                width=240,
            )
        doubtful = st.toggle(t("Least sure first"), key="batch-doubtful")
        as_table = st.toggle(t("As a table"), key="batch-as-table")
    return _View(label, folder, doubtful, as_table)


def _table(rows: Sequence[BatchRow]) -> None:
    strongly = t("How strongly")
    bar = st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")
    st.dataframe(
        {
            t("File"): [row.answer.file for row in rows],
            t("Class"): [row.answer.label for row in rows],
            strongly: [whole(row.answer.confidence) for row in rows],
        },
        hide_index=True,
        column_config={strongly: bar},
        alt=t("The class of every image"),
        key="batch-table",
    )


def _tile(batch: Batch, row: BatchRow) -> Tile:
    answer, base = row.answer, f"/api/predictions/{batch.id}"
    said = f"{answer.label} · {percent(answer.confidence)}"
    return Tile(
        id=batch_marks.key(batch, answer.file),
        src=url(f"{base}/thumbnail/{row.content}"),
        full=url(f"{base}/image/{row.content}"),
        alt=t("{file}: {label}", file=answer.file, label=answer.label),
        caption=said,
        title=f"{said} · {answer.file}",
        mark=marks.word(batch_marks.key(batch, answer.file), answer.label),
        share=answer.confidence,
        note=answer.file,
    )
