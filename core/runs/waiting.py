"""Wait for a run, with a worker that ends when this process does."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from core import files, runs
from core.errors import Problem, UserError
from core.records import EpochMetrics, Progress, Run, State
from core.runs import executors
from core.runs.engine_process import ROOT
from core.runs.executors import app_lives
from core.runs.recovery import MAX_ATTEMPTS
from core.words import Message, say
from core.workspace import Workspace

ENDED = (State.DONE, State.STOPPED, State.FAILED)
MAX_STARTS = MAX_ATTEMPTS + 1  # so that a run which brings workers down is failed by the last


class RunObserver(Protocol):
    """Whoever wants to hear how a run is doing."""

    def sentence(self, text: Message) -> None: ...
    def epoch(self, m: EpochMetrics) -> None: ...
    def progress(self, p: Progress) -> None: ...


def wait(ws: Workspace, run_id: str, *, observer: RunObserver, poll: float = 0.2) -> Run:
    """Wait until a run has ended. Ctrl-C stops the run, and waits for its model.

    A worker that ends before the run is started again. Raises `UserError` when that does not help.
    """
    told = [0, 0, 0]
    attend(
        ws,
        run_id,
        is_over=lambda: runs.state_of(ws, run_id).state in ENDED,
        tell=lambda: _tell(ws, run_id, observer, told),
        stop=lambda: runs.request_stop(ws, run_id),
        poll=poll,
    )
    return runs.get(ws, run_id)


def attend(
    ws: Workspace,
    only: str,
    *,
    is_over: Callable[[], bool],
    tell: Callable[[], None],
    stop: Callable[[], None],
    poll: float = 0.2,
) -> None:
    """Have a run, or the runs of a study, worked on until they are over; the first Ctrl-C stops.

    Raises `UserError` where workers end before them again and again, or find no cluster.
    """
    stopped = False
    with _own_workers(ws, only) as workers:
        while not is_over():
            try:
                tell()
                time.sleep(poll)
            except KeyboardInterrupt:
                if stopped:
                    raise
                stopped = True
                stop()
            if workers[-1].poll() is not None:
                if (problem := executors.why_none(ws)) is not None:
                    raise _unreached(ws, only, problem)
                if len(workers) == MAX_STARTS:
                    raise _gave_up(ws, only)
                workers.append(_start(ws, only))
        tell()
    _hand_over(ws)


def _hand_over(ws: Workspace) -> None:
    """Have the app's worker take what was queued while this one had its place."""
    if app_lives(ws) and runs.next_queued(ws):
        executors.submit(ws)


def _tell(ws: Workspace, run_id: str, observer: RunObserver, told: list[int]) -> None:
    """Pass on what is new; ``told`` counts the sentences, epochs and waits passed on before."""
    sentences = files.read_records(ws.run(run_id).log, Message)
    epochs = runs.epochs(ws, run_id)
    for metrics in epochs[told[1] :]:  # first: what is said of the one that is kept comes after
        observer.epoch(metrics)
    for text in sentences[told[0] :]:
        observer.sentence(text)
    why = executors.why_none(ws)
    if why is not None and not told[2]:
        observer.sentence(say("{what} {mend}", what=why.what, mend=why.mend))
    told[:] = [len(sentences), max(told[1], len(epochs)), int(why is not None)]
    if ws.run(run_id).progress.exists():
        observer.progress(files.read_record(ws.run(run_id).progress, Progress))


@contextmanager
def _own_workers(ws: Workspace, run_id: str) -> Iterator["list[subprocess.Popen[bytes]]"]:
    """Give a worker in a list, for those that take its place; all end with the block."""
    workers = [_start(ws, run_id)]
    try:
        yield workers
    finally:
        for worker in workers:
            if worker.stdin:
                worker.stdin.close()
            worker.wait(timeout=30)


def _start(ws: Workspace, run_id: str) -> "subprocess.Popen[bytes]":
    ws.root.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", executors.module(), str(ws.root), "--only", run_id]
    with ws.worker_log.open("ab") as log:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=ROOT, start_new_session=True
        )


def _unreached(ws: Workspace, only: str, problem: Problem) -> UserError:
    return UserError(
        problem.what,
        expected=problem.expected,
        mend=say("{mend} Then '{command}' goes on.", mend=problem.mend, command=_resume(ws, only)),
    )


def _resume(ws: Workspace, only: str) -> str:
    """Give the command that goes on with a run, or with a study."""
    of = "study resume" if ws.study(only).path.exists() else "resume"
    return f"python -m core {of} {only}"


def _gave_up(ws: Workspace, only: str) -> UserError:
    return UserError(
        say("The worker ended {num} times before the run did.", num=MAX_STARTS),
        expected=say("It should have worked until the run had ended."),
        mend=say(
            "See why at the end of worker.log in the workspace; then '{command}' goes on.",
            command=_resume(ws, only),
        ),
    )
