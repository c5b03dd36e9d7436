"""The images of a folder with what the model named them, page by page, to be marked."""

from collections.abc import Sequence

import streamlit as st

from core.batch_predictions import source
from core.batch_predictions.store import Batch
from core.batch_predictions.summary import Summary, folder_of_file
from core.records import Run
from core.records.batches import BatchRow
from core.workspace import Workspace
from pages._predict import marks
from pages._predict.tiles import SIZE
from pages._shared.paging import page_of
from pages._shared.run_words import percent
from pages._shared.widgets import nt, t, url
from pages.components.gallery import Tile, gallery

PER_PAGE = 48


def draw(
    ws: Workspace, batch: Batch, run: Run | None, rows: Sequence[BatchRow], counted: Summary
) -> None:
    """Draw the filters and a page of images; where the run is there, they can be marked."""
    st.subheader(t("The images"), anchor=False)
    label, folder, doubtful = _filters(counted)
    shown = [
        row
        for row in rows
        if row.content
        and label in ("", row.answer.label)
        and folder in (None, folder_of_file(row.answer.file))
    ]
    if doubtful:
        shown.sort(key=lambda row: row.answer.confidence)
    st.caption(nt("{num} image", "{num} images", num=len(shown)))
    bar = st.container()
    with page_of(shown, PER_PAGE, key=f"batch_page-{label}-{folder}-{doubtful}") as part:
        first = part[0].answer.file if part else ""
        chosen = gallery(
            [_tile(batch, row) for row in part],
            key=f"batch-{batch.id}-{label}-{first}-{marks.num_changes()}",
            label=t("Images to choose from"),
            selectable=run is not None,
            size=SIZE,
        )
    named = {_key(batch, row): row.answer.label for row in rows if row.content}
    if run is not None:
        with bar:
            marks.draw_bar(chosen, named, batch.request.labels)
        start = len(_key_of(batch, ""))
        marks.draw_tally(
            ws,
            run,
            named,
            lambda keys: source.originals(ws, batch.id, [key[start:] for key in keys]),
        )
    _unreadable([row for row in rows if row.answer.problem])


def _filters(counted: Summary) -> tuple[str, str | None, bool]:
    """Draw what narrows the images down; the least sure come first where that is asked for."""
    counts = {entry.name: entry.count for entry in counted.classes}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            t("Class"),
            ["", *counts],
            format_func=lambda name: f"{name} · {counts[name]}" if name else t("All classes"),
            key="batch-class",
            width=220,
        )
        folder = None
        if len(counted.folders) > 1:
            folder = st.selectbox(
                t("Folder"),
                [None, *(row.folder for row in counted.folders)],
                format_func=lambda name: t("All folders") if name is None else name or ".",
                key="batch-folder-shown",
                width=260,
            )
        doubtful = st.toggle(t("Least sure first"), key="batch-doubtful")
    return label, folder, doubtful


def _key_of(batch: Batch, file: str) -> str:
    return f"{batch.id}/{file}"


def _key(batch: Batch, row: BatchRow) -> str:
    return _key_of(batch, row.answer.file)


def _tile(batch: Batch, row: BatchRow) -> Tile:
    answer, base = row.answer, f"/api/predictions/{batch.id}"
    said = f"{answer.label} · {percent(answer.confidence)}"
    return Tile(
        id=_key(batch, row),
        src=url(f"{base}/thumbnail/{row.content}"),
        full=url(f"{base}/image/{row.content}"),
        alt=t("{file}: {label}", file=answer.file, label=answer.label),
        caption=said,
        title=f"{said} · {answer.file}",
        mark=marks.word(_key(batch, row), answer.label),
        share=answer.confidence,
        note=answer.file,
    )


def _unreadable(rows: Sequence[BatchRow]) -> None:
    if not rows:
        return
    with st.expander(
        nt("{num} image could not be read", "{num} images could not be read", num=len(rows)),
        icon=":material/image_not_supported:",
    ):
        st.dataframe(
            {
                t("File"): [row.answer.file for row in rows],
                t("Problem"): [t(row.answer.problem.what) for row in rows if row.answer.problem],
            },
            hide_index=True,
            alt=t("Images that could not be read"),
            key="batch-unreadable",
        )
