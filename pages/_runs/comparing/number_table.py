"""Three and more runs of numbers in a table: which is nearer than the first, by chance or not?"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from core.insights.comparing import comparability
from core.insights.numbers import pairing
from core.insights.numbers.pairing import NumberPairing
from core.judging import paired
from core.judging.numbers import written
from core.records import LearnedTarget, Run
from core.run_results import numbers
from core.workspace import Workspace
from pages._runs import names
from pages._shared import run_words as words
from pages._shared.widgets import nt, t


def draw(ws: Workspace, read: Mapping[str, Run]) -> None:
    """Set each beside A on the same images; p is corrected for how many they are."""
    target = next((run.card.target for run in read.values() if run.card), None)
    if target is None:
        return
    found = {letter: _pair(ws, read["A"], run) for letter, run in read.items() if letter != "A"}
    there = {letter: one for letter, one in found.items() if one is not None}
    chances = dict(zip(there, paired.holm([one.paired.p for one in there.values()]), strict=True))
    rows = [
        _row(letter, run, target, there.get(letter), chances.get(letter))
        for letter, run in read.items()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        placeholder="–",
        column_config=_columns(len(there), target),
        key=f"several-{'-'.join(run.id for run in read.values())}",
        alt=t("A table of runs"),
    )
    if len(there) < len(found):
        st.caption(t(pairing.unanswered()))


def _pair(ws: Workspace, first: Run, other: Run) -> NumberPairing | None:
    split = comparability.part(ws, first, other)
    before, after = (numbers.read(ws.run(one.id), split) for one in (first, other))
    return pairing.pair(before, after, split) if before and after else None


def _row(
    letter: str,
    run: Run,
    target: LearnedTarget,
    found: NumberPairing | None,
    chance: float | None,
) -> dict[str, Any]:
    score = run.card.numbers if run.card else None
    interval = score and t(written.interval(score.mae_low, score.mae_high, target))
    return {
        "letter": letter,
        "name": names.short(run),
        "error": t(written.amount(score.mae, target)) if score else None,
        "range": interval,
        "r2": written.r2(score.r2) if score and written.tells_r2(score) else None,
        "nearer": found.paired.fixed if found else None,
        "farther": found.paired.broke if found else None,
        "p": chance,
        "depth": words.depth(run.config),
        "backbone": run.config.backbone,
        "seconds": round(run.card.seconds) if run.card else None,
    }


def _columns(num: int, target: LearnedTarget) -> dict[str, Any]:
    column = st.column_config
    corrected = nt(
        "How often chance alone makes a difference to A as large as this: exact sign test on the "
        "same images, for {num} comparison.",
        "How often chance alone makes a difference to A as large as this: exact sign test on the "
        "same images, corrected for {num} comparisons (Holm).",
        num=num,
    )
    counted = t("Images on which one of the two models is nearer to the truth.")
    about = t("How far off it is on average: {name}.", name=written.titled(target))
    return {
        "letter": column.TextColumn("", width=40, pinned=True),
        "name": column.TextColumn(t("Run")),
        "error": column.TextColumn(t("Error"), width=90, help=about),
        "range": column.TextColumn(t("Likely range"), width=120),
        "r2": column.TextColumn("R²", width=60),
        "nearer": column.NumberColumn(t("It nearer"), width=100, help=counted),
        "farther": column.NumberColumn(t("A nearer"), width=100, help=counted),
        "p": column.NumberColumn("p", format="%.3f", width=70, help=corrected),
        "depth": column.TextColumn(t("Depth")),
        "backbone": column.TextColumn(t("Backbone")),
        "seconds": column.NumberColumn(t("Seconds"), width=70),
    }
