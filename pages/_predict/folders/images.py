"""The images of a folder with what the model named them, page by page, to be marked."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.batch_predictions import source
from core.batch_predictions.folder import folder_of
from core.batch_predictions.store import Batch
from core.batch_predictions.summary import Summary
from core.records import Run
from core.records.batches import BatchRow
from core.workspace import Workspace
from pages._predict import enlarged, marks
from pages._predict.enlarged import NamedImage
from pages._predict.folders import marks as kept_marks, view
from pages._predict.tiles import SIZE
from pages._shared.answered import unknown
from pages._shared.charts import whole
from pages._shared.paging import page_of
from pages._shared.widgets import nt, t, url
from pages.components.gallery import Tile, gallery

PER_PAGE = 48
MOST_ROWS = 20_000  # of a table in the browser at once


def draw(
    ws: Workspace, batch: Batch, run: Run | None, rows: Sequence[BatchRow], counted: Summary
) -> None:
    """Draw the filters and a page of images; where the run is there, they can be marked."""
    st.subheader(t("The images"), anchor=False)
    chosen = view.choose_view(counted)
    shown = chosen.of(rows)
    st.caption(nt("{num} image", "{num} images", num=len(shown)))
    if chosen.as_table:
        _table(batch, shown[:MOST_ROWS])
    else:
        _tiles(ws, batch, run, rows, shown)
    if run is not None and run.card is not None and enlarged.current():
        images = [_image(ws, batch, row) for row in shown]
        enlarged.draw(ws, run.card, images, keep=lambda: kept_marks.keep(ws, batch))


def _tiles(
    ws: Workspace,
    batch: Batch,
    run: Run | None,
    rows: Sequence[BatchRow],
    shown: Sequence[BatchRow],
) -> None:
    """Draw a page of tiles, and what is said of them; that is kept with the batch."""
    kept_marks.keep(ws, batch)
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
            on_open=enlarged.show if run is not None else None,
        )
    if run is None:
        return
    named = {kept_marks.key(batch, r.answer.file): r.answer.label for r in rows if r.content}
    with bar:
        marks.draw_bar(chosen, named, batch.request.labels)
    marks.draw_tally(
        ws, run, named, lambda keys: source.originals(ws, batch.id, kept_marks.files(batch, keys))
    )


def _table(batch: Batch, rows: Sequence[BatchRow]) -> None:
    keys = [kept_marks.key(batch, row.answer.file) for row in rows]
    strongly = t("How strongly")
    bar = st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")
    st.dataframe(
        {
            t("File"): [row.answer.file for row in rows],
            t("Class"): [unknown.name_of(row.answer) for row in rows],
            strongly: [whole(row.answer.confidence) for row in rows],
        },
        hide_index=True,
        column_config={strongly: bar},
        alt=t("The class of every image"),
        key="batch-table",
        selection_mode="single-row",
        on_select=partial(enlarged.show_row, "batch-table", keys),
    )


def _image(ws: Workspace, batch: Batch, row: BatchRow) -> NamedImage:
    copy = folder_of(ws, batch.id).copies / row.stored
    return NamedImage(
        key=kept_marks.key(batch, row.answer.file),
        name=row.answer.file,
        answer=row.answer,
        picture=copy.read_bytes,
        source=lambda: copy,
    )


def _tile(batch: Batch, row: BatchRow) -> Tile:
    answer, base = row.answer, f"/api/predictions/{batch.id}"
    said = unknown.caption_of(answer)
    return Tile(
        id=kept_marks.key(batch, answer.file),
        src=url(f"{base}/thumbnail/{row.content}"),
        full=url(f"{base}/image/{row.content}"),
        alt=t("{file}: {label}", file=answer.file, label=unknown.name_of(answer)),
        caption=said,
        title=f"{unknown.title_of(answer)} · {answer.file}",
        mark=marks.word(kept_marks.key(batch, answer.file), answer.label),
        share=answer.confidence,
        note=answer.file,
        is_open=kept_marks.key(batch, answer.file) == enlarged.current(),
    )
