"""Which images of a folder are shown, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.batch_predictions.summary import Summary, folder_of_file
from core.records.batches import BatchRow
from pages._shared.answered import unknown
from pages._shared.widgets import t

UNKNOWN = "/unknown"  # no class is called so: a name has no such sign


@dataclass(frozen=True, slots=True)
class View:
    """Which images are shown, and how."""

    label: str  # empty: all classes; `UNKNOWN`: none of them
    folder: str | None  # None: all folders
    doubtful: bool  # the least sure first
    as_table: bool

    def of(self, rows: Sequence[BatchRow]) -> list[BatchRow]:
        """Give the images that are shown, in order."""
        shown = [
            row
            for row in rows
            if row.content
            and self.label in ("", UNKNOWN if row.answer.unknown else row.answer.label)
            and self.folder in (None, folder_of_file(row.answer.file))
        ]
        return sorted(shown, key=lambda row: row.answer.confidence) if self.doubtful else shown


def choose_view(counted: Summary) -> View:
    """Draw what narrows the images down."""
    counts = {entry.name: entry.count for entry in counted.classes}
    if counted.num_unknown:
        counts[UNKNOWN] = counted.num_unknown
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            t("Class"),
            ["", *counts],
            format_func=lambda name: _named(name, counts),
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
    return View(label, folder, doubtful, as_table)


def _named(name: str, counts: Mapping[str, int]) -> str:
    if not name:
        return t("All classes")
    return f"{unknown.text() if name == UNKNOWN else name} · {counts[name]}"
