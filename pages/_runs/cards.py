"""All runs as cards: where each stands, what it learned from, how good it became."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st

from core import runs
from core.insights import comparison
from core.records import Run
from core.words import enumeration, mark
from core.workspace import Workspace
from pages._runs import names
from pages._shared import run_words as words, widgets
from pages._shared.widgets import md, t

ORDERS: Mapping[str, str] = {"newest": mark("Newest"), "best": mark("Most accurate")}
PER_PAGE = 12


def draw(ws: Workspace) -> None:
    """Draw the list, or invite to the first training."""
    st.title(t("Runs"))
    st.caption(t("A run is one training, from the first image to a model that you can try."))
    known = runs.all_runs(ws)
    if not known:
        widgets.empty_state(
            t("There are no runs yet."),
            t("Train a model: choose images, press Start, and watch it learn here."),
            page="train.py",
            label=t("Train a model"),
        )
        return
    shown = st.container()
    page = _choose_page(len(known))
    with shown.container():
        order = _choose_order(len(known))
        ordered = known if order == "newest" else _by_accuracy(known)
        visible = ordered[(page - 1) * PER_PAGE : page * PER_PAGE]
        if order == "newest":
            _grid(ws, visible)
            return
        st.caption(
            t(
                "Scores compare only within one data set, version and choice of classes, so each "
                "has a list of its own. Where ranges overlap, the order may be chance."
            )
        )
        for _, group in groupby(visible, key=_task):
            alike = list(group)
            st.subheader(md(_heading(ws, alike[0])))
            _grid(ws, alike)


def _grid(ws: Workspace, shown: Sequence[Run]) -> None:
    with st.grid(min_column_width=320):
        for run in shown:
            _card(ws, run)


def _choose_order(num: int) -> str:
    if num < 2:
        return "newest"
    return st.segmented_control(
        t("Order"),
        list(ORDERS),
        default="newest",
        required=True,
        format_func=lambda name: t(ORDERS[name]),
        key="order",
        label_visibility="collapsed",
    )


def _by_accuracy(known: Sequence[Run]) -> list[Run]:
    """Order runs by what they were judged on, the task of the newest first; within it by score."""
    order_of = {task: index for index, task in enumerate(dict.fromkeys(map(_task, known)))}
    return sorted(
        known, key=lambda r: (order_of[_task(r)], -(r.card.validation.accuracy if r.card else -1))
    )


def _task(run: Run) -> comparison.Task:
    return comparison.task(run.config)


def _heading(ws: Workspace, run: Run) -> str:
    name = words.dataset_name(ws, run)
    heading = t("{name}, version {number}", name=name, number=run.config.dataset_version)
    if not run.config.left_out:
        return heading
    without = t("without {classes}", classes=enumeration(sorted(run.config.left_out)))
    return f"{heading} · {without}"


def _choose_page(num: int) -> int:
    pages = -(-num // PER_PAGE)
    return st.pagination(pages, key="runs_page") if pages > 1 else 1


def _card(ws: Workspace, run: Run) -> None:
    with st.container(border=True, height="stretch", gap="small", key=f"run-{run.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            words.badge(run)
            st.caption(words.when(run.state.changed_at), width="content")
        told_apart = " · ".join(map(md, names.facts(ws, run)))
        st.markdown(f"**{md(names.title(ws, run))}**  \n{told_apart}")
        if run.card is not None:
            score, seconds = run.card.validation, run.card.seconds
            st.caption(f"{words.accuracy(score)} · {words.exact_duration(seconds)}")
        if st.button(t("Open"), icon=":material/arrow_forward:", key=f"open-{run.id}"):
            widgets.go("runs.py", run=run.id)
