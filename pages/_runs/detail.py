"""One run under its link: how it goes, what came of it, and what to do with it."""

import streamlit as st

from core import runs, trash
from core.errors import UserError
from core.exports import taking
from core.records import Run, State
from core.records.choices import TASKS
from core.runs import executors
from core.workspace import Workspace
from pages._classroom import sharing
from pages._runs import at_once, compare, names, result, test_part
from pages._runs.judged import code, moved, views
from pages._runs.judged.embedding import view as embedding
from pages._runs.judged.mistakes import view as mistakes
from pages._runs.judged.numbers import page
from pages._runs.settings import settings
from pages._runs.smaller import beside, offer as smaller
from pages._runs.watching import live
from pages._shared import (
    class_heat,
    export,
    run_words as words,
    trash as shared_trash,
    unseen,
    widgets,
)
from pages._shared.widgets import md, t, unbroken
from pages._studies import offer
from pages._train import dial


def draw(ws: Workspace, run: Run) -> None:
    """Draw the run: moving while it is worked on, still when it has ended."""
    _header(ws, run)
    if run.state.state in words.ACTIVE:
        live.draw(ws, run)
    else:
        _ended(ws, run)
        live.log(ws, run.id)
    with st.expander(t("Settings of this run"), icon=":material/tune:", key="settings"):
        told = settings(run.config, words.dataset_name(ws, run))
        st.table({unbroken(label): value for label, value in told.items()}, border="horizontal")
    if run.card is not None and taking.why_not(run.card) is None:
        code.draw(ws, run.card)


def _header(ws: Workspace, run: Run) -> None:
    st.title(md(names.title(ws, run)))
    with st.container(horizontal=True, vertical_alignment="center"):
        words.badge(run)
        told_apart = " · ".join(map(md, names.facts(ws, run)))
        st.caption(told_apart, width="content", help=words.terms())
        st.caption(words.when(run.state.changed_at), width="content")
    with st.container(horizontal=True, key="actions"):
        _actions(ws, run)
    if not compare.has_dataset(ws, run):
        st.caption(
            t("Its data set is not here, so it cannot be trained again or cloned, and its test "
              "part cannot be opened.")
        )  # fmt: skip
        if any(thing.id == run.config.dataset_id for thing in trash.listing(ws)):
            st.caption(t("It still lies in the trash: the Data page puts it back."))


def _actions(ws: Workspace, run: Run) -> None:
    if run.state.state in words.ACTIVE:
        asked = runs.stop_requested(ws, run.id)
        keep = t("Stop and keep the model so far") if run.epochs else t("Stop (no model yet)")
        label = t("Stopping…") if asked else keep
        if st.button(label, icon=":material/stop_circle:", disabled=asked, key="stop"):
            runs.request_stop(ws, run.id)
            st.rerun()
        return
    if run.card is not None and st.button(
        t("Try it on images"), type="primary", icon=":material/image_search:", key="predict"
    ):
        widgets.go("predict.py", run=run.id)
    there = compare.has_dataset(ws, run)
    if (run.state.state is State.FAILED and there) and st.button(
        t("Try again"), type="primary", icon=":material/restart_alt:", key="again"
    ):
        runs.requeue(ws, run.id)
        executors.submit(ws)
        st.rerun()
    if there:
        with widgets.closing_popover(t("Improve it"), ":material/trending_up:", "improve"):
            _improve(ws, run)
    if run.card is not None:
        with st.popover(t("Take it away"), icon=":material/download:", key="take-away"):
            export.draw(ws, run.card)
        sharing.draw_link(run)
    with st.popover(t("More"), icon=":material/more_horiz:", key=f"more-{run.id}"):
        _more(ws, run)


def _improve(ws: Workspace, run: Run) -> None:
    """Offer the ways from here to a better model."""
    if st.button(t("Clone with one change"), icon=":material/content_copy:", key="clone"):
        dial.begin_clone(run.id)
        widgets.go("train.py", clone=run.id, dataset=run.config.dataset_id)
    st.caption(t("The same training once more, but for what you change."))
    if run.card is not None and (run.card.validation or run.card.numbers) is not None:
        result.offer(ws, run)
    if not TASKS[run.config.task].is_number:
        smaller.draw_button(ws, run)
        offer.draw_button(ws, run.config, cloned_from=run.id)
        st.caption(t("Which depth is worth its time on these images."))


def _more(ws: Workspace, run: Run) -> None:
    """Offer what is seldom wanted: another name, the id, away with it."""
    names.rename_form(ws, run)
    st.caption(t("Its id on the command line: {id}", id=run.id))
    shared_trash.warn_of_needs(ws, run.id)
    if st.button(t("Delete"), icon=":material/delete:", key="delete"):
        runs.delete(ws, run.id)
        widgets.go("runs.py")


def _ended(ws: Workspace, run: Run) -> None:
    if run.state.error is not None:
        widgets.draw_problem(UserError.of(run.state.error))
    is_first = st.session_state.get(at_once.FIRST) == run.id
    if is_first and views.named() == views.OVERVIEW:
        unseen.draw(ws, run, at_once=True)
    if run.card is not None and run.card.target is not None:
        page.draw(ws, run, run.card)
        return
    is_overview = run.card is None or views.draw(ws, run, run.card)
    if is_overview and run.epochs:
        compare.draw(ws, run)
    if is_overview and run.card is not None:
        result.draw(ws, run, run.card)
        beside.draw(ws, run)
        moved.draw(ws, run)
        if not is_first:
            unseen.draw(ws, run)
        class_heat.draw(ws, run, run.card)
        test_part.draw(ws, run)
        if run.card.validation is None:
            mistakes.draw_test(ws, run, run.card)
            embedding.draw_learned(ws, run, run.card)
    elif run.state.state is State.STOPPED and run.card is None:
        st.caption(t("It was stopped before the first epoch was over, so there is no model."))
    if run.state.state is State.FAILED:
        live.printed(ws, run.id)
