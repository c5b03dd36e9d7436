"""What a model of numbers read off the images of a whole folder."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from core.batch_predictions.folder import folder_of
from core.batch_predictions.store import Batch
from core.judging.numbers import answering, written
from core.records import LearnedTarget, Run
from core.records.batches import BatchRow
from core.workspace import Workspace
from pages._predict.enlarged import NamedImage
from pages._predict.numbers import answers
from pages._shared.charts import style
from pages._shared.paging import page_of
from pages._shared.widgets import t, url
from pages.components.gallery import Tile, gallery

PER_PAGE = 48
MOST_ROWS = 20_000  # of a table in the browser at once
SIZE = 160  # pixels of a tile


def draw(
    ws: Workspace, batch: Batch, run: Run | None, target: LearnedTarget, rows: Sequence[BatchRow]
) -> None:
    """Draw how the numbers lie, and the images, from the least number to the largest."""
    there = [row for row in rows if row.content and row.answer.number is not None]
    if not there:
        return
    _histogram(target, there)
    st.subheader(t("The images"), anchor=False)
    ordered = sorted(there, key=lambda row: row.answer.number or 0.0)
    images = [_image(ws, batch, row) for row in ordered]
    answers.draw_note(run.card if run else None, target, len(images))
    if st.toggle(t("As a table"), key="batch-as-table"):
        answers.draw_table(target, images[:MOST_ROWS], key="batch-table")
    else:
        _tiles(batch, target, ordered)
    if run is not None and run.card is not None:
        answers.draw_enlarged(ws, run.card, target, images)


def _histogram(target: LearnedTarget, rows: Sequence[BatchRow]) -> None:
    figure = go.Figure()
    figure.add_histogram(x=[row.answer.number for row in rows], nbinsx=30)
    style(figure)
    figure.update_xaxes(title=t(written.titled(target)))
    figure.update_yaxes(title=t("Images"))
    st.plotly_chart(figure, key="batch-numbers", alt=t("How often which number was read"),
                    config={"displaylogo": False, "displayModeBar": False})  # fmt: skip


def _tiles(batch: Batch, target: LearnedTarget, rows: Sequence[BatchRow]) -> None:
    with page_of(rows, PER_PAGE, key="batch_page") as part:
        gallery(
            [_tile(batch, target, row) for row in part],
            key=f"batch-{batch.id}-{part[0].answer.file}",
            label=t("Images with the number that was read off each"),
            size=SIZE,
            on_open=answers.show,
        )


def _image(ws: Workspace, batch: Batch, row: BatchRow) -> NamedImage:
    copy = folder_of(ws, batch.id).copies / row.stored
    return NamedImage(
        key=row.answer.file,
        name=row.answer.file,
        answer=row.answer,
        picture=copy.read_bytes,
        source=lambda: copy,
    )


def _tile(batch: Batch, target: LearnedTarget, row: BatchRow) -> Tile:
    told, base = t(answering.answer(row.answer, target)), f"/api/predictions/{batch.id}"
    return Tile(
        id=row.answer.file,
        src=url(f"{base}/thumbnail/{row.content}"),
        full=url(f"{base}/image/{row.content}"),
        alt=f"{row.answer.file}: {told}",
        caption=told,
        title=f"{told} · {row.answer.file}",
        note=row.answer.file,
    )
