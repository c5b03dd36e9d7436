"""All runs as cards: where each stands, what it learned from, how good it became."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core import runs
from core.records import Run
from core.words import mark
from core.workspace import Workspace
from pages import _runs_words as words
from pages import _shared
from pages._shared import md, t

ORDERS: Mapping[str, str] = {"newest": mark("Newest"), "best": mark("Most accurate")}
PER_PAGE = 12


def draw(ws: Workspace) -> None:
    """Draw the list, or invite to the first training."""
    st.title(t("Runs"))
    st.caption(t("A run is one training, from the first image to a model that you can try."))
    known = runs.all_runs(ws)
    if not known:
        _shared.empty_state(
            t("There are no runs yet."),
            t("Train a model: choose images, press Start, and watch it learn here."),
            page="train.py",
            label=t("Train a model"),
        )
        return
    shown = st.container()
    page = _choose_page(len(known))
    with shown.container():
        ordered = _choose_order(known)
        with st.grid(min_column_width=320):
            for run in ordered[(page - 1) * PER_PAGE : page * PER_PAGE]:
                _card(run, words.dataset_name(ws, run))


def _choose_order(known: Sequence[Run]) -> Sequence[Run]:
    if len(known) < 2:
        return known
    order = st.segmented_control(
        t("Order"),
        list(ORDERS),
        default="newest",
        required=True,
        format_func=lambda name: t(ORDERS[name]),
        key="order",
        label_visibility="collapsed",
    )
    if order == "newest":
        return known
    return sorted(known, key=lambda r: r.card.validation.accuracy if r.card else -1, reverse=True)


def _choose_page(num: int) -> int:
    pages = -(-num // PER_PAGE)
    return st.pagination(pages, key="runs_page") if pages > 1 else 1


def _card(run: Run, dataset: str) -> None:
    with st.container(border=True, height="stretch", gap="small", key=f"run-{run.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            words.badge(run)
            st.caption(words.when(run.state.changed_at), width="content")
        st.markdown(f"**{md(dataset)}**  \n{md(run.config.backbone)}")
        st.caption(" · ".join(_facts(run)))
        if st.button(t("Open"), icon=":material/arrow_forward:", key=f"open-{run.id}"):
            _shared.go("runs.py", run=run.id)


def _facts(run: Run) -> list[str]:
    facts = [md(words.depth(run.config))]
    if run.card is not None:
        facts += [words.accuracy(run.card.validation), words.duration(run.card.seconds)]
    return facts
