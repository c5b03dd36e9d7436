"""The part of a run's page that moves: how far it is, its curves and pictures, what it said."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from core import runs
from core.judging import statistics
from core.models import solving
from core.records import EpochMetrics, Progress, Run, State
from core.records.choices import TASKS
from core.runs import executors
from core.runs.sharing import clusters
from core.workspace import Workspace
from pages._runs import names
from pages._runs.watching import advice, live_curves, standing, strip
from pages._shared import run_words as words
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import md, mendable, t

EVERY = timedelta(seconds=2)
_TAIL = 6000  # characters of what the libraries printed


def draw(ws: Workspace, run: Run) -> None:
    """Draw how far it is, the curves and the pictures, which ask for more by themselves."""
    _status(ws, run.id, _told(run))
    live_curves.draw(ws, run)
    _advice(ws, run.id)
    strip.draw(ws, run)
    _details(ws, run.id)


@fragment_every(EVERY)
@mendable()  # it runs alone, outside the page's own
def _status(ws: Workspace, run_id: str, drawn: tuple[State, bool, str]) -> None:
    """Say in one line how far it is and how long it still takes."""
    executors.revive(ws, run_id)
    run = runs.get(ws, run_id)
    if _told(run) != drawn:  # the rest of the page says something else now
        st.rerun()
    if run.progress is None or clusters.shown_state(run) is State.QUEUED:
        st.progress(run.progress.done if run.progress else 0.0, text=standing.waiting(ws, run))
        return
    names.draw_progress(ws, run, run.progress.done)
    st.progress(
        min(max(run.progress.done, 0.0), 1.0), text=standing.headline(ws, run, run.progress)
    )


def _told(run: Run) -> tuple[State, bool, str]:
    """Give what the rest of the page says of a run that goes on."""
    return clusters.shown_state(run), bool(run.epochs), clusters.node_of(run)


@fragment_every(EVERY)
@mendable()
def _advice(ws: Workspace, run_id: str) -> None:
    advice.draw_live(ws, runs.get(ws, run_id))


@fragment_every(EVERY)
@mendable()
def _details(ws: Workspace, run_id: str) -> None:
    """Draw what only some ask for: speed and rate, the device, and what the run said."""
    run = runs.get(ws, run_id)
    if run.progress is not None and run.state.state is State.RUNNING:
        with st.expander(t("Details"), icon=":material/speed:", key="details"):
            _numbers(ws, run, run.progress)
            _notes(run.progress)
    log(ws, run_id)


def _notes(progress: Progress) -> None:
    if progress.device:
        on = t("Computing on {device}", device=md(progress.device))
        st.caption(f":material/memory: {on}")
    if progress.note is not None:
        st.caption(f":material/info: {md(t(progress.note))}")
    if progress.sentence is not None:
        st.caption(f":material/chat_bubble: {md(t(progress.sentence))}")


def log(ws: Workspace, run_id: str) -> None:
    """Draw what the run said as it went, newest first."""
    lines = [f"- {md(t(line))}" for line in reversed(runs.log(ws, run_id))]
    if lines:
        with st.expander(t("What it said"), icon=":material/notes:", key="log"):
            st.markdown("\n".join(lines))


def printed(ws: Workspace, run_id: str) -> None:
    """Draw the end of what the libraries printed, which tells why a run has failed."""
    path = ws.run(run_id).output
    if path.exists():
        with st.expander(t("What the libraries printed last"), icon=":material/terminal:"):
            st.code(path.read_text(encoding="utf-8", errors="replace")[-_TAIL:], language=None)


def _numbers(ws: Workspace, run: Run, progress: Progress) -> None:
    speed, rate = progress.images_per_second, progress.learning_rate
    step = t("The size of a learning step. Too small: slow. Too large: it never settles.")
    with st.grid(3, min_column_width=150):
        _number(t("Images a second"), "–" if speed is None else f"{speed:,.0f}")
        if run.config.thaws or not solving.solves(run.config):
            _number(t("Learning rate"), "–" if rate is None else words.decimal(rate, 2), word=step)
        if run.config.validates:
            if TASKS[run.config.task].is_number:
                _number(t("Validation error"), *advice.judged(ws, run))
            else:
                _number(t("Validation accuracy"), *_accuracy(run.epochs[-1:]))


def _accuracy(last: Sequence[EpochMetrics]) -> Sequence[str]:
    """Write the validation accuracy of the last epoch, and how sure it is."""
    right = [epoch.val_accuracy for epoch in last]
    if not right or right[0] is None:
        return ("–",)
    how_sure = words.span(*statistics.of_share(right[0], last[0].val_images))
    return words.percent(right[0]), how_sure


def _number(label: str, value: str, how_sure: str | None = None, *, word: str = "") -> None:
    st.metric(
        label,
        value,
        delta=how_sure,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
        help=word or None,
    )
