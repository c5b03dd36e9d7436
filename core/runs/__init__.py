"""Runs on disk, and the processes that train them: `runs.create(ws, config)`."""

from core.runs.making import create
from core.runs.queue import (
    call_worker,
    learning_from,
    next_queued,
    request_stop,
    requeue,
    restore,
    stop_requested,
)
from core.runs.store import (
    STATE_WORDS,
    all_runs,
    delete,
    epochs,
    get,
    has_checkpoint,
    ids,
    log,
    num_kept,
    rename,
    set_state,
    star,
    state_of,
    states,
    test_score,
)
from core.runs.summaries import all_summaries, summary

__all__ = [
    "STATE_WORDS",
    "all_runs",
    "all_summaries",
    "call_worker",
    "create",
    "delete",
    "epochs",
    "get",
    "has_checkpoint",
    "ids",
    "learning_from",
    "log",
    "next_queued",
    "num_kept",
    "rename",
    "request_stop",
    "requeue",
    "restore",
    "set_state",
    "star",
    "state_of",
    "states",
    "stop_requested",
    "summary",
    "test_score",
]
