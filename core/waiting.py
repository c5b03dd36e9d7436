"""Wait for a run, with a worker that ends when this process does."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from core import files, runs
from core.process import ROOT
from core.records import EpochMetrics, Progress, Run, State
from core.words import Message
from core.workspace import Workspace

ENDED = (State.DONE, State.STOPPED, State.FAILED)


class Watch(Protocol):
    """Whoever wants to hear how a run is doing."""

    def sentence(self, text: Message) -> None: ...
    def epoch(self, m: EpochMetrics) -> None: ...
    def progress(self, p: Progress) -> None: ...


def wait(ws: Workspace, run_id: str, *, watch: Watch, poll: float = 0.2) -> Run:
    """Wait until a run has ended. Ctrl-C stops the run, and waits for its best model."""
    with _own_worker(ws) as worker:
        told = [0, 0]
        while runs.state_of(ws, run_id).state not in ENDED:
            try:
                _tell(ws, run_id, watch, told)
                time.sleep(poll)
            except KeyboardInterrupt:
                if runs.stop_requested(ws, run_id):
                    raise
                runs.request_stop(ws, run_id)
            if worker.poll() is not None:
                worker = _start(ws)
        _tell(ws, run_id, watch, told)
    return runs.get(ws, run_id)


def _tell(ws: Workspace, run_id: str, watch: Watch, told: list[int]) -> None:
    """Pass on what is new; ``told`` counts the sentences and epochs passed on before."""
    sentences = files.read_records(ws.run(run_id).log, Message)
    epochs = runs.epochs(ws, run_id)
    for text in sentences[told[0] :]:
        watch.sentence(text)
    for metrics in epochs[told[1] :]:
        watch.epoch(metrics)
    told[:] = [len(sentences), max(told[1], len(epochs))]
    if ws.run(run_id).progress.exists():
        watch.progress(files.read_record(ws.run(run_id).progress, Progress))


@contextmanager
def _own_worker(ws: Workspace) -> Iterator["subprocess.Popen[bytes]"]:
    worker = _start(ws)
    try:
        yield worker
    finally:
        if worker.stdin:
            worker.stdin.close()
        worker.wait(timeout=30)


def _start(ws: Workspace) -> "subprocess.Popen[bytes]":
    ws.root.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "core.worker", str(ws.root), "--with-parent"]
    with ws.worker_log.open("ab") as log:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=ROOT, start_new_session=True
        )
