"""A run of a cluster: that it waits for a node, or that its node has fallen silent."""

import time

import streamlit as st

from core import durations
from core.records import Run, Stage
from core.workspace import Workspace
from pages._shared.widgets import md, t

SILENT = 20.0  # seconds; a run that reads images or learns is heard of several times in one
_LOUD = (Stage.FEATURES, Stage.TRAINING)


def waits(run: Run) -> str:
    """Say that a run waits for a node, and what it will do there."""
    if run.state.attempt and run.state.node:
        again = t("It goes on from its last whole epoch, if it had one.")
        cut_off = t("It was cut off on {node} and waits for another node.",
                    node=md(run.state.node))  # fmt: skip
        return f"{cut_off} {again}"
    return t("Waiting for a free node of the cluster.")


def silence(ws: Workspace, run: Run) -> str | None:
    """Say how long nothing was heard of a node, by the clock of this page; None: it is heard of."""
    if not run.state.node or run.progress is None or run.progress.stage not in _LOUD:
        return None
    seconds = _silent_for(ws, run.id, run.state.node)
    if seconds < SILENT:
        return None
    return t(
        "Nothing was heard of {node} for {time}. If it is gone, the run goes on elsewhere.",
        node=md(run.state.node),
        time=t(durations.left(seconds)),
    )


def _silent_for(ws: Workspace, run_id: str, node: str) -> float:
    """Give the seconds since progress was last seen to change; clocks of nodes may differ."""
    try:
        now = ws.run(run_id).progress.stat().st_mtime_ns
    except OSError:
        return 0.0
    key = f"heard-{run_id}"
    heard, since = st.session_state.get(key, (None, 0.0))
    if heard != (now, node):
        since = time.monotonic()
        st.session_state[key] = (now, node), since
    return time.monotonic() - since
