"""How far a run is, in one line; or why it does not learn yet."""

from core import devices, durations, runs
from core.models import solving
from core.records import Phase, Progress, Run, State
from core.runs.sharing import clusters, waits
from core.workspace import Workspace
from pages._runs import epochs
from pages._runs.watching import nodes
from pages._shared import run_words as words
from pages._shared.widgets import t


def waiting(ws: Workspace, run: Run) -> str:
    """Say why a run does not learn yet."""
    if runs.stop_requested(ws, run.id):
        return _stopping(run)
    if clusters.waits_for_node(run):
        return nodes.waits(run)
    if (wait := waits.wait_of(ws, run.id)) is not None:
        return t(waits.told(wait))
    others = (state.state for other, state in runs.states(ws).items() if other != run.id)
    is_first = runs.next_queued(ws) in (run.id, None) and State.RUNNING not in others
    if run.state.state is State.QUEUED and not is_first:
        return t("Waiting in line: another run trains first.")
    if run.state.state is State.QUEUED and clusters.is_asked_for():
        return nodes.waits(run)
    if run.state.state is State.QUEUED and devices.are_busy():
        return t("Waiting in line: a run of another workspace trains on this machine first.")
    if run.state.state is State.QUEUED and run.state.attempt:
        if not runs.num_kept(ws, run.id):
            return t("It was cut off, and begins anew by itself.")
        return t("It was cut off, and goes on by itself from its last whole epoch.")
    return t("Getting ready: the first numbers come in a few seconds.")


def _stopping(run: Run) -> str:
    return t("Stopping. The model so far is kept.") if run.epochs else t("Stopping…")


def headline(ws: Workspace, run: Run, progress: Progress) -> str:
    """Say what it does, in which epoch, and how long it still takes."""
    if runs.stop_requested(ws, run.id):
        return _stopping(run)
    if (silent := nodes.silence(ws, run)) is not None:
        return silent
    parts = [t(words.STAGES[progress.stage])]
    if progress.phase is not None and progress.epoch:
        before = epochs.num_head(run.epochs) if progress.phase == Phase.FINE_TUNE else 0
        solved = solving.solves(run.config) and progress.phase == Phase.HEAD
        epoch = (
            t("iteration {num}", num=progress.epoch)
            if solved
            else t("epoch {epoch}", epoch=before + progress.epoch)
        )
        at_once = words.found(run.config, t("the head is solved"))
        phase = at_once if solved else t(words.PHASES[progress.phase])
        parts += [phase] if run.config.is_fitted else [phase, epoch]
    if progress.eta_seconds is not None:
        parts.append(t("about {time} left", time=t(durations.left(progress.eta_seconds))))
    return " · ".join(parts)
