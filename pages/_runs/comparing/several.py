"""Three and more runs: their validation curves, and a table against the first of them."""

import string
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core import runs
from core.insights.comparing import comparability, pairing
from core.insights.comparing.pairing import Pairing
from core.judging import paired
from core.records import Run, RunSummary
from core.records.choices import TASKS
from core.run_results import predictions
from core.words import Message, enumeration
from core.workspace import Workspace
from pages._runs import curves, names
from pages._runs.comparing import number_table
from pages._runs.rows import JUDGED_ON, whole
from pages._shared import run_words as words
from pages._shared.widgets import nt, t

MOST = len(string.ascii_uppercase)


def draw(ws: Workspace, chosen: Sequence[RunSummary]) -> None:
    """Draw those that were judged on the images of the first with a score; name the others."""
    first = next((one for one in chosen if one.config.validates), chosen[0])
    shown = [one for one in chosen if _why_not(ws, first, one) is None][:MOST]
    _name_others(first, [one for one in chosen if one not in shown])
    if len(shown) < 2:
        return
    lettered = dict(zip(string.ascii_uppercase, shown, strict=False))
    read = {letter: runs.get(ws, one.id) for letter, one in lettered.items()}
    st.caption(t("Curves of the validation images. A is what the others are compared with."))
    curves.draw(list(read.items()), None)
    if TASKS[first.config.task].is_number:
        number_table.draw(ws, read)
    else:
        _of_classes(ws, lettered, read)
    st.caption(
        t("The best of several runs looks better on these images than it is: they picked it. Its "
          "score on the test images does not.")
    )  # fmt: skip


def _name_others(first: RunSummary, others: Sequence[RunSummary]) -> None:
    """Name those that cannot be compared with the first, by what keeps them from it."""
    strange = [o for o in others if comparability.other_answer(first, o) is not None]
    judged = [names.short(one) for one in others if one not in strange]
    if strange:
        answering = t(enumeration([names.short(one) for one in strange]))
        st.caption(t("Answering something else than the first, and so left out: {names}.",
                     names=answering))  # fmt: skip
    if judged:
        st.caption(
            t("Judged on other images than the first, or on none, and so left out: {names}.",
              names=t(enumeration(judged)))
        )  # fmt: skip


def _of_classes(ws: Workspace, lettered: dict[str, RunSummary], read: dict[str, Run]) -> None:
    pairings = {letter: _pair(ws, read["A"], run) for letter, run in read.items() if letter != "A"}
    _draw_table(ws, lettered, pairings)
    if None in pairings.values():
        st.caption(t(pairing.unanswered()))


def _why_not(ws: Workspace, first: RunSummary, other: RunSummary) -> Message | None:
    if first is other:
        return None
    return comparability.why_not(first, other, comparability.part(ws, first, other))


def _pair(ws: Workspace, first: Run, other: Run) -> Pairing | None:
    if first.card is None or other.card is None:
        return None
    split = comparability.part(ws, first, other)
    answers = [predictions.read(ws.run(one.id), split) for one in (first, other)]
    if answers[0] is None or answers[1] is None:
        return None
    return pairing.pair(answers[0], answers[1], (first.card, other.card), split)


def _draw_table(
    ws: Workspace, lettered: dict[str, RunSummary], pairings: dict[str, Pairing | None]
) -> None:
    there = {letter: found for letter, found in pairings.items() if found is not None}
    corrected = paired.holm([found.paired.p for found in there.values()])
    chances = dict(zip(there, corrected, strict=True))
    rows = [
        _row(ws, letter, run, there.get(letter), chances.get(letter))
        for letter, run in lettered.items()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        placeholder="–",
        column_config=_columns(len(there)),
        key=f"several-{'-'.join(run.id for run in lettered.values())}",
        alt=t("A table of runs"),
    )


def _row(
    ws: Workspace, letter: str, run: RunSummary, found: Pairing | None, chance: float | None
) -> dict[str, Any]:
    score = run.score
    return {
        "letter": letter,
        "name": names.short(run),
        "accuracy": whole(score.accuracy.accuracy) if score else None,
        "range": words.interval(score.accuracy) if score else None,
        "judged_on": words.source(score) if score else None,
        "fixed": found.paired.fixed if found else None,
        "broke": found.paired.broke if found else None,
        "p": chance,
        "depth": words.depth(run.config),
        "backbone": run.config.backbone,
        "seconds": round(run.card.seconds) if run.card else None,
    }


def _columns(num: int) -> dict[str, Any]:
    column = st.column_config
    corrected = nt(
        "How often chance alone makes a difference to A as large as this: exact paired test on "
        "the same images, for {num} comparison.",
        "How often chance alone makes a difference to A as large as this: exact paired test on "
        "the same images, corrected for {num} comparisons (Holm).",
        num=num,
    )
    alone = t("Images of which only one of the two models is right.")
    return {
        "letter": column.TextColumn("", width=40, pinned=True),
        "name": column.TextColumn(t("Run")),
        "accuracy": column.ProgressColumn(
            t("Accuracy"), format="%d%%", min_value=0, max_value=100, width=90
        ),
        "range": column.TextColumn(t("Likely range"), width=92),
        "judged_on": column.TextColumn(t("Judged on"), width=84, help=t(JUDGED_ON)),
        "fixed": column.NumberColumn(t("Only it right"), width=100, help=alone),
        "broke": column.NumberColumn(t("Only A right"), width=100, help=alone),
        "p": column.NumberColumn("p", format="%.3f", width=70, help=corrected),
        "depth": column.TextColumn(t("Depth")),
        "backbone": column.TextColumn(t("Backbone")),
        "seconds": column.NumberColumn(t("Seconds"), width=70),
    }
