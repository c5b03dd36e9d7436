"""The Data page's report: what became of every file that was brought."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core import datasets
from core.records import Dataset, FileReport, Verdict
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.paging import page_of
from pages._shared.widgets import md, nt, t
from pages.components.gallery import thumbnail_url

_MOST = 20_000  # rows in the browser at once
_REASONS = 20  # refused files on a page


def draw(ws: Workspace, dataset: Dataset) -> None:
    """Draw the report where the reader opens it; a link of old has opened it."""
    every = st.expander(
        t("What became of every file"),
        expanded=st.query_params.get("part") == "files",
        icon=":material/fact_check:",
        key="every_file",
        on_change="rerun",
    )
    if every.open:
        with every:
            _report(ws, dataset)


def _report(ws: Workspace, dataset: Dataset) -> None:
    """Draw the filters, the table and the way to download it."""
    rows = datasets.report(ws, dataset.id)
    titles = {
        "refused": t("Refused"),
        "changed": t("Changed"),
        "accepted": t("Accepted"),
        "junk": t("Other files"),
    }
    counts = {name: sum(_matches(row, name) for row in rows) for name in titles}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            t("Files"),
            list(titles),
            default="refused" if counts["refused"] else "accepted",
            required=True,
            format_func=lambda name: t("{name} ({num})", name=titles[name], num=counts[name]),
            key="verdict",
            wrap=True,
        )
        sought = st.text_input(
            t("Search"), placeholder=t("part of a name"), key="sought_file", live="300ms", width=220
        )
        st.link_button(
            t("Download as CSV"),
            widgets.url(f"/api/datasets/{dataset.id}/report.csv?lang={widgets.language()}"),
            icon=":material/download:",
        )
    shown = [row for row in rows if _matches(row, kind) and sought.lower() in row.file.lower()]
    if shown and kind == "refused":
        draw_reasons(shown, key="every")
    elif shown:
        _table(dataset, shown[:_MOST])
    else:
        st.caption(_nothing(kind))


def _matches(row: FileReport, kind: str) -> bool:
    if kind == "changed":
        return row.verdict is Verdict.ACCEPTED and bool(row.changes)
    return row.verdict == kind


def _nothing(kind: str) -> str:
    if kind == "refused":
        return t("No file was refused.")
    return t("There are no such files.")


def draw_reasons(rows: Sequence[FileReport], *, key: str) -> None:
    """Draw refused files with their whole reasons, a page at a time."""
    with page_of(rows, _REASONS, key=f"reasons_page-{key}") as page:
        table = {
            t("File"): [md(row.file) for row in page],
            t("What happened, and how to mend it"): [
                md(t(row.reason)) if row.reason else "" for row in page
            ],
        }
        alt = t("Refused files and why")
        st.table(pd.DataFrame(table), hide_index=True, border="horizontal", alt=alt)


def _table(dataset: Dataset, rows: list[FileReport]) -> None:
    column = st.column_config
    with_pictures = any(row.content for row in rows)
    table = [
        {
            "picture": thumbnail_url(dataset.id, row.content) if row.content else None,
            "file": row.file,
            "class": row.label,
            "note": " ".join(t(said) for said in (*row.changes, row.reason) if said),
        }
        for row in rows
    ]
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        row_height=52 if with_pictures else None,
        column_order=["picture", "file", "class", "note"] if with_pictures else ["file", "note"],
        alt=t("What became of every file"),
        column_config={
            "picture": column.ImageColumn("", width="small"),
            "file": column.TextColumn(t("File")),
            "class": column.TextColumn(t("Class")),
            "note": column.TextColumn(t("What happened"), width="large"),
        },
    )
    st.caption(nt("{num} file", "{num} files", num=len(rows)))
