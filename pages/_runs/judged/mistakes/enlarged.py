"""One picture enlarged: scores, nearest training pictures, heat, and what can be done with it."""

from collections.abc import Sequence

import streamlit as st

from core import datasets
from core.datasets import versions
from core.records import Prediction, Run
from core.workspace import Workspace
from pages._curation import selection
from pages._runs.judged.mistakes import cell as cells, nearest
from pages._runs.judged.mistakes.seen import Seen, ShownPictures
from pages._shared import heat, widgets
from pages._shared.answered.steps import draw_steps
from pages._shared.charts import score_bars
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import md, t

MOST_SCORES = 4  # and the true class


def draw(ws: Workspace, run: Run, shown: ShownPictures, rows: Sequence[int]) -> None:
    """Open the picture that the address names, if it is one of these."""
    if cells.picture() not in rows:
        return

    @dialog(t("What the model says"), width="large", on_dismiss=lambda: cells.enlarge(None))
    def enlarged() -> None:
        at = cells.picture()
        if at is not None and at in rows:
            with widgets.mendable():
                _body(ws, run, shown, rows, shown.seen(at))

    enlarged()


def _body(ws: Workspace, run: Run, shown: ShownPictures, rows: Sequence[int], seen: Seen) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        path = datasets.image_path(ws, run.config.dataset_id, seen.image)
        st.image(str(path), width="stretch", alt=seen.image.file)
        st.caption(md(seen.image.file))
    with right:
        at = rows.index(seen.row)
        draw_steps(at, len(rows), lambda to: cells.enlarge(rows[to]))
        _scores(seen)
        nearest.draw(ws, run, seen)
    if run.card is not None:
        heat.draw(ws, run.card, path, seen.named)
    key = versions.key(seen.image)
    if shown.can_change(seen.row) and shown.newest is not None and key in shown.now:
        selection.draw(ws, shown.newest, (key,), key="enlarged", keeps=True)


def _scores(seen: Seen) -> None:
    """Say what it is and what it is taken for, with bars."""
    if not seen.scores:
        st.markdown(t("It is **{true}**, and the model learned from it.", true=md(seen.true)))
        return
    st.markdown(
        t("It is **{true}**, named rightly.", true=md(seen.true))
        if seen.is_right
        else t("It is **{true}**, named **{named}**.", true=md(seen.true), named=md(seen.named))
    )
    first = seen.scores[:MOST_SCORES]
    rest = [score for score in seen.scores[MOST_SCORES:] if score.label == seen.true]
    shown = Prediction(file=seen.image.file, label=seen.named, scores=(*first, *rest))
    score_bars(shown, len(shown.scores))
