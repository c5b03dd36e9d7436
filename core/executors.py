"""Where queued runs are worked on. A new place to train is one more entry here."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Protocol

from filelock import Timeout

from core import devices, files, process, runs
from core import worker as workers
from core.process import EngineProcess
from core.records import TrainConfig
from core.workspace import Workspace


class Executor(Protocol):
    """A place where runs are trained."""

    def submit(self, ws: Workspace) -> None:
        """Make sure that somebody works on the queue of this workspace."""


class Local:
    """A worker process on this machine that outlives the page that asked for it."""

    def submit(self, ws: Workspace) -> None:
        """Start a worker; where there is one already, the new one ends by itself."""
        if devices.is_held(devices.worker_lock(devices.locks_folder(), ws)):
            return
        ws.root.mkdir(parents=True, exist_ok=True)
        process.detach("core.worker", str(ws.root), log=ws.worker_log)


class Inline:
    """Here and now, until the queue is empty; for scripts and tests."""

    def submit(self, ws: Workspace) -> None:
        """Work on the queue in this process, with a training process of its own."""
        engine = EngineProcess("train", ws)
        try:
            workers.work(ws, engine, locks=devices.locks_folder(), lives_on=lambda: False)
        finally:
            engine.close()


EXECUTORS: Mapping[str, Executor] = {"local": Local(), "inline": Inline()}


def warm(ws: Workspace, config: TrainConfig) -> None:
    """Have all ready for this run before Start is pressed, as long as the app lives."""
    if devices.is_held(devices.app_lock(devices.locks_folder(), ws)):
        with contextlib.suppress(OSError):  # a full disk: Start will say so
            files.write_record(ws.chosen, config)
        EXECUTORS["local"].submit(ws)


@contextlib.contextmanager
def app_session(ws: Workspace) -> Iterator[None]:
    """While the app lives, its worker stays warm; runs that were cut off go on at its start."""
    lock = devices.app_lock(devices.locks_folder(), ws)
    with contextlib.suppress(Timeout):  # a second app on the same workspace is fine
        lock.acquire(timeout=1)
    workers.reconcile(ws, devices.locks_folder())
    if runs.next_queued(ws):
        EXECUTORS["local"].submit(ws)
    try:
        yield
    finally:
        lock.release()
