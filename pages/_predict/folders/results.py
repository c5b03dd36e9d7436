"""What a model said of a whole folder: counts, a score where folders are classes, the images."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from core import natural
from core.batch_predictions import labelled, store, summary, truths
from core.batch_predictions.store import Batch
from core.batch_predictions.summary import FolderScores, Summary
from core.batch_predictions.truths import NumbersJudged
from core.records import Run
from core.records.batches import BatchRow
from core.workspace import Workspace
from pages._predict.folders import downloads, images, scores
from pages._predict.numbers import batch as numbers, judged
from pages._shared.answered import unknown
from pages._shared.charts import whole
from pages._shared.widgets import nt, t


@dataclass(frozen=True, slots=True)
class _Results:
    """All rows of a batch by name, and what is counted of them."""

    rows: tuple[BatchRow, ...]
    counted: Summary
    scores: FolderScores | None
    judged: NumbersJudged | None  # of a model of numbers


def draw(ws: Workspace, batch: Batch, run: Run | None) -> None:
    """Draw the results of a batch that is not worked on now."""
    found = _results(ws.root, batch.id, store.changed_at(ws, batch.id))
    _facts(batch, found.counted)
    downloads.draw(ws, batch)
    if batch.request.target is not None:
        if found.judged is not None:
            judged.draw(found.judged, batch.request.target)
        numbers.draw(ws, batch, run, batch.request.target, found.rows)
        _unreadable([row for row in found.rows if row.answer.problem])
        return
    if found.scores is not None:
        scores.draw(found.scores)
    _counts(found.counted)
    images.draw(ws, batch, run, found.rows, found.counted)
    _unreadable([row for row in found.rows if row.answer.problem])


@st.cache_resource(max_entries=4, show_spinner=False)  # a copy for each press would take longer
def _results(root: Path, batch_id: str, changed: int) -> _Results:
    """Read and count; ``changed`` is part of the question, so that new answers are read."""
    ws = Workspace(root)
    rows = sorted(store.rows(ws, batch_id), key=lambda row: natural.sort_key(row.answer.file))
    batch = store.get(ws, batch_id)
    own, target = labelled.dataset_contents(ws, batch.request.run_id), batch.request.target
    scores = summary.score(rows, batch.request.labels, own)
    known = truths.judge_rows(rows, target, own) if target else None
    kept = (replace(row, signature="") for row in rows)  # as long as a page is open
    return _Results(tuple(kept), summary.summarise(rows), scores, known)


def _facts(batch: Batch, counted: Summary) -> None:
    parts = [nt("{num} image named", "{num} images named", num=counted.num_answered)]
    if batch.request.target is not None:
        num = counted.num_answered
        parts = [nt("{num} image answered", "{num} images answered", num=num)]
    if counted.num_unreadable:
        num = counted.num_unreadable
        parts.append(nt("{num} could not be read", "{num} could not be read", num=num))
    if batch.state.num_others:
        num = batch.state.num_others
        parts.append(nt("{num} other file left out", "{num} other files left out", num=num))
    st.markdown(" · ".join(parts))


def _counts(counted: Summary) -> None:
    """Draw how often each class was named, and in which folder."""
    if not counted.num_answered:
        return
    share = st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")
    label, num, part = t("Class"), t("Images"), t("Share")
    rows = [(entry.name, entry.count) for entry in counted.classes]
    if counted.num_unknown:
        rows.append((unknown.text(), counted.num_unknown))
    st.dataframe(
        {
            label: [name for name, _ in rows],
            num: [count for _, count in rows],
            part: [whole(count / counted.num_answered) for _, count in rows],
        },
        hide_index=True,
        column_config={part: share},
        alt=t("How often each class was named"),
        key="class-counts",
    )
    if len(counted.folders) < 2:
        return
    with st.expander(
        nt("By sub-folder: {num}", "By sub-folder: {num}", num=len(counted.folders)),
        icon=":material/folder:",
    ):
        columns: dict[str, list[str] | list[int]] = {
            t("Folder"): [row.folder or "." for row in counted.folders]
        }
        for index, entry in enumerate(counted.classes):
            columns[f"{entry.name}"] = [row.counts[index] for row in counted.folders]
        if counted.num_unknown:
            columns[unknown.text()] = [row.num_unknown for row in counted.folders]
        columns[t("not readable")] = [row.num_unreadable for row in counted.folders]
        st.dataframe(columns, hide_index=True, alt=t("Classes by sub-folder"), key="folder-counts")


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
