"""A table of runs, a row each: what it is, how far it came, how well it did; rows are selected."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core import runs
from core.insights.numbers import telling
from core.records import RunSummary, State, TrainConfig
from core.records.choices import TASKS
from core.runs.sharing import clusters
from core.words import enumeration, mark
from core.workspace import Workspace
from pages._runs import names
from pages._shared import run_words as words
from pages._shared.widgets import t

MOST_ROWS, ROW = 10, 35  # that are seen without scrolling within the table; pixels of one
JUDGED_ON = mark(
    "Which images the accuracy stands on. With few validation images a solved head is judged by "
    "five folds of training and validation images, each by a head that did not learn from it."
)
SELDOM = ("version", "left_out", "node")  # columns that are shown where they tell runs apart
_OF_CLASSES, _OF_NUMBERS = ("accuracy", "range", "judged_on", "curve"), ("error", "r2")
SIGNS: Mapping[State, str] = {
    State.QUEUED: "…",
    State.RUNNING: "▶",
    State.DONE: "✓",
    State.STOPPED: "■",
    State.FAILED: "✗",
}


def draw(
    ws: Workspace, shown: Sequence[RunSummary], *, key: str, without: Sequence[str] = ()
) -> list[RunSummary]:
    """Draw the table and give the runs that are selected; ``without`` names columns to leave out.

    The same runs stay selected while rows come, go and change.
    """
    _keep_selection(key, [run.id for run in shown])
    table = frame(ws, shown, names_datasets="dataset" not in without)
    same = [n for n in SELDOM if len(set(table[n])) < 2 and (n != "node" or not any(table[n]))]
    event = st.dataframe(
        table.drop(columns=[*same, *without, *dropped(shown)]),
        hide_index=True,
        height=ROW * (MOST_ROWS + 1) + ROW // 2 if len(shown) > MOST_ROWS else "content",
        row_height=ROW,
        column_config=columns(),
        placeholder="–",
        selection_mode="multi-row",
        on_select="rerun",
        key=key,
        alt=t("A table of runs of {name}", name=words.dataset_name(ws, shown[0])),
    )
    return [shown[row] for row in event["selection"]["rows"] if row < len(shown)]


def dropped(shown: Sequence[RunSummary]) -> tuple[str, ...]:
    """Name the columns that are of classes alone, or of numbers alone."""
    kinds = {TASKS[run.config.task].is_number for run in shown}
    return (*(_OF_CLASSES if kinds == {True} else ()), *(_OF_NUMBERS if True not in kinds else ()))


def frame(ws: Workspace, shown: Sequence[RunSummary], *, names_datasets: bool) -> pd.DataFrame:
    """Give all that a row can tell of each run; `columns` says how it is drawn."""
    return pd.DataFrame([_row(ws, run, names_dataset=names_datasets) for run in shown])


def _keep_selection(key: str, ids: list[str]) -> None:
    """Select the same runs again where they stand in other rows than before."""
    state = st.session_state
    before = state.get(f"{key}-ids", ids)
    if before != ids and key in state:
        rows = state[key]["selection"]["rows"]
        chosen = [before[row] for row in rows if row < len(before) and before[row] in ids]
        state[key] = {"selection": {"rows": [ids.index(run_id) for run_id in chosen]}}
    state[f"{key}-ids"] = ids


def _row(ws: Workspace, run: RunSummary, *, names_dataset: bool) -> dict[str, Any]:
    config, score = run.config, run.score
    return {
        "name": ("★ " if run.is_starred else "") + names.short(run),
        "accuracy": whole(score.accuracy.accuracy) if score else None,
        "range": words.interval(score.accuracy) if score else None,
        "judged_on": words.source(score) if score else None,
        "error": t(told) if (told := telling.off_by(run.card)) else None,
        "r2": round(run.card.numbers.r2, 2) if run.card and run.card.numbers else None,
        "curve": list(run.curve) or None,
        "state": _state(run),
        "node": clusters.node_of(run) or None,
        "dataset": words.dataset_name(ws, run) if names_dataset else None,
        "version": config.dataset_version,
        "left_out": t(enumeration(sorted(config.left_out))) or None,
        "depth": _depth(config),
        "backbone": config.backbone,
        "time": words.exact_duration(run.card.seconds) if run.card else None,
        "when": words.when(run.state.changed_at),
    }


def _depth(config: TrainConfig) -> str:
    """Say in a word or two what learned: all columns stand side by side on a laptop."""
    if not config.thaws:
        return t("head only")
    return t("all blocks") if config.freeze == "none" else t("after {block}", block=config.freeze)


def whole(share: float) -> int:
    """Give whole percent; all is only said of all, and none of none."""
    return min(max(round(100 * share), 1), 99) if 0 < share < 1 else round(100 * share)


def _state(run: RunSummary) -> str:
    state = clusters.shown_state(run)
    share = [words.percent(run.done)] if run.done is not None and state is State.RUNNING else []
    return " ".join([SIGNS[state], t(runs.STATE_WORDS[state]), *share])


def columns() -> dict[str, Any]:
    """Say what the columns are called and how they are drawn; a phone shows the first three."""
    column = st.column_config
    alike = t(
        "Scores compare only within one data set, version and choice of classes. Select runs to "
        "see whether a difference is more than chance."
    )
    likely = t("With other images of the same kind it would most likely lie in this range.")
    return {
        "name": column.TextColumn(t("Run"), width=142, pinned=True),
        "accuracy": column.ProgressColumn(
            t("Accuracy"), format="%d%%", min_value=0, max_value=100, width=84, help=alike
        ),
        "range": column.TextColumn(t("Likely range"), width=92, help=likely),
        "judged_on": column.TextColumn(t("Judged on"), width=84, help=t(JUDGED_ON)),
        "error": column.TextColumn(t("Off by"), width=92, help=t("On average, on validation.")),
        "r2": column.NumberColumn("R²", format="%.2f", width=64),
        "curve": column.LineChartColumn(t("Curve"), y_min=0, y_max=1, width=64),
        "state": column.TextColumn(t("State"), width=98),
        "node": column.TextColumn(t("Node"), width=72),
        "dataset": column.TextColumn(t("Data set")),
        "version": column.NumberColumn(t("Version"), width=70),
        "left_out": column.TextColumn(t("Classes left out")),
        "depth": column.TextColumn(t("Depth"), width=96, help=t("What learns on your images.")),
        "backbone": column.TextColumn(t("Backbone"), width=120),
        "time": column.TextColumn(t("Time"), width=88),
        "when": column.TextColumn(t("Changed"), width=125),
    }
