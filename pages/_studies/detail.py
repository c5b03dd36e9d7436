"""One study under its link: how far it is, what came of it, and what to do with it."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import streamlit as st

from core import runs, studies
from core.records import State
from core.records.studies import TITLES, StudyKind, StudyResult
from core.records.training import NUM_FOLDS
from core.runs import executors
from core.runs.sharing import waits
from core.studies import store, texts
from core.words import say
from core.workspace import Workspace
from pages._shared import run_words as words, widgets
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import md, mendable, nt, t
from pages._studies import bakeoff, curve, ladder, rung, titles, transfer

EVERY = timedelta(seconds=2)
VIEWS: Mapping[StudyKind, Callable[[Workspace, StudyResult], None]] = {
    StudyKind.LADDER: ladder.draw,
    StudyKind.TRANSFER: transfer.draw,
    StudyKind.BAKEOFF: bakeoff.draw,
    StudyKind.CURVE: curve.draw,
}


def draw(ws: Workspace, study_id: str) -> None:
    """Draw the study: moving while it is worked on, still when it has ended."""
    found = studies.read(ws, study_id)
    _header(ws, found)
    is_active = found.state in words.ACTIVE
    fragment_every(EVERY if is_active else None)(_body)(ws, study_id, found.state)


def _header(ws: Workspace, found: StudyResult) -> None:
    st.title(md(titles.title(ws, found.study)))
    with st.container(horizontal=True, vertical_alignment="center"):
        icon, color = words.ICONS[found.state]
        st.badge(t(runs.STATE_WORDS[found.state]), icon=icon, color=color)
        st.caption(" · ".join(map(md, titles.facts(ws, found))), width="content")
        st.caption(words.when(found.study.created_at), width="content")
    with st.container(horizontal=True, key="study-actions"):
        _actions(ws, found)


def _actions(ws: Workspace, found: StudyResult) -> None:
    study = found.study
    if found.state in words.ACTIVE:
        if st.button(t("Stop and keep what was judged"), icon=":material/stop_circle:", key="stop"):
            studies.stop(ws, study.id)
            st.rerun()
        return
    rest = NUM_FOLDS - found.asked.folds if study.uses_folds else 0
    has_more = found.state in (State.STOPPED, State.FAILED)
    if has_more and st.button(
        t("Go on"), type="primary", icon=":material/play_arrow:", key="resume"
    ):
        studies.resume(ws, study.id)
        _work(ws)
    if rest and found.state is not State.STOPPED:  # a rung that fails leaves the others to judge
        label = nt("Judge by {num} more fold", "Judge by {num} more folds", num=rest)
        why = t("More images judge, so smaller differences can be told. It takes about as long "
                "for each fold as those did that are there.")  # fmt: skip
        if st.button(label, icon=":material/add:", key="more-folds", help=why):
            studies.go_on(ws, study.id)
            _work(ws)
    with st.popover(t("More"), icon=":material/more_horiz:", key="more-of-study"):
        _more(ws, found)


def _work(ws: Workspace) -> None:
    executors.submit(ws)
    st.rerun()


def _more(ws: Workspace, found: StudyResult) -> None:
    """Offer what is seldom wanted: another name, the id, away with it."""
    study = found.study
    with st.form("naming-study", border=False), mendable():
        name = st.text_input(t("Name"), value=studies.name(ws, study.id), max_chars=80,
                             placeholder=t(TITLES[study.kind]))  # fmt: skip
        if st.form_submit_button(t("Rename"), icon=":material/edit:", key="do-rename-study"):
            studies.rename(ws, study.id, name)
            st.rerun()
    st.caption(t("Its id on the command line: {id}", id=study.id))
    if st.button(t("Delete"), icon=":material/delete:", key="delete-study"):
        with mendable():
            studies.delete(ws, study.id)
            widgets.go("runs.py")


@mendable()  # it runs alone, outside the page's own
def _body(ws: Workspace, study_id: str, drawn: State) -> None:
    executors.revive(ws, study_id)
    found = studies.read(ws, study_id)
    if found.state is not drawn:  # the rest of the page says something else now
        st.rerun()
    if found.state in words.ACTIVE:
        _progress(ws, found)
    if found.advice is not None:
        headline, *further = (md(t(sentence)) for sentence in found.advice.sentences)
        st.markdown(f"#### {headline}")
        if further:
            tell = st.warning if found.advice.is_warning else st.markdown
            tell(" ".join(further))
        chosen = next((row for row in found.rows if row.name == found.advice.choice), None)
        if chosen is not None and found.state not in words.ACTIVE:
            rung.keep_button(ws, found, chosen)
    VIEWS[found.study.kind](ws, found)


def _progress(ws: Workspace, found: StudyResult) -> None:
    """Say how many of its runs are done, and what the one under way is."""
    parts = store.existing(ws, found.study)
    done, now = 0.0, ""
    for run_id, arm, fold in parts:
        run = runs.get(ws, run_id)
        if run.state.state is State.RUNNING and run.progress is not None:
            done += run.progress.done
            now = t(texts.part(found.study, arm.name, fold))
            now = t("Stopping…") if runs.stop_requested(ws, run_id) else now
        done += run.state.state not in words.ACTIVE
    share = min(done / max(1, len(parts)), 1.0)
    line = waits.told_of_first(ws, (part[0] for part in parts))
    waiting = t(line or say("Waiting for a run before it, or for the engine to start"))
    st.progress(share, text=f"{words.percent(share)} · {md(now or waiting)}")
