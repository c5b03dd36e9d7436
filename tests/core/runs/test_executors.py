"""Where queued runs are worked on, and what an app session keeps alive."""

import errno
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core import locks, runs
from core.records import State, TrainConfig
from core.runs import executors
from core.web import access
from core.workspace import Workspace

FAKE_WORKER = str(Path(__file__).parents[2] / "fake_worker.py")
CONFIG = TrainConfig(dataset_id="missing")


def test_a_session_goes_on_with_a_run_that_was_cut_off(ws: Workspace):
    run_id = runs.create(ws, TrainConfig(dataset_id="missing"))
    runs.set_state(ws, run_id, State.RUNNING, device="gpu", attempt=3)

    with executors.app_session(ws):
        state = runs.state_of(ws, run_id)

    assert state.state is State.FAILED  # three attempts are enough


def test_the_app_finds_in_time_a_run_that_is_cut_off_while_it_lives(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
):
    asked: list[Workspace] = []
    monkeypatch.setattr(executors.Local, "submit", lambda self, ws: asked.append(ws))
    run_id = runs.create(ws, TrainConfig(dataset_id="missing"))
    with locks.hold(ws.run(run_id).lock):
        runs.set_state(ws, run_id, State.RUNNING, device="cpu", attempt=1)
        session = executors.app_session(ws, every=0.01)
        session.__enter__()

    wait_for(lambda: bool(asked))  # its lock is free now, as after a kill
    session.__exit__(None, None, None)

    assert runs.state_of(ws, run_id).state is State.QUEUED


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Processes that take the place of real workers; all end with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def submit(self: executors.Local, ws: Workspace) -> None:
        if all(worker.poll() is not None for worker in started):
            started.append(subprocess.Popen([sys.executable, FAKE_WORKER, str(ws.root)]))

    monkeypatch.setattr(executors.Local, "submit", submit)
    yield started
    for worker in started:
        worker.kill()
        worker.wait()


def test_a_run_whose_worker_is_killed_goes_on_while_the_app_lives(
    ws: Workspace, workers: list["subprocess.Popen[bytes]"]
):
    def is_trained(attempt: int) -> bool:
        state = runs.state_of(ws, run_id)
        return (state.state, state.attempt) == (State.RUNNING, attempt)

    run_id = runs.create(ws, TrainConfig(dataset_id="d", seed=4))
    with executors.app_session(ws, every=0.05):
        wait_for(lambda: is_trained(1))
        workers[0].kill()
        wait_for(lambda: is_trained(2))
        runs.request_stop(ws, run_id)
        wait_for(lambda: runs.state_of(ws, run_id).state is State.STOPPED)

    assert len(workers) == 2


def test_the_app_finds_a_run_that_was_left_in_the_queue(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
):
    asked: list[Workspace] = []
    monkeypatch.setattr(executors.Local, "submit", lambda self, ws: asked.append(ws))

    with executors.app_session(ws, every=0.01):
        runs.create(ws, TrainConfig(dataset_id="missing"))
        wait_for(lambda: bool(asked))


def test_runs_are_looked_at_where_no_worker_can_be_started(ws: Workspace):
    runs.create(ws, TrainConfig(dataset_id="missing"))
    ws.worker_log.mkdir()  # cannot be written to, as on a disk that is read-only

    assert not executors.look_after(ws)


def test_the_app_starts_in_a_folder_that_cannot_lock_and_says_so(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    ws.root.mkdir()
    monkeypatch.setattr(fcntl, "flock", unable)

    assert access.secret(ws.root) == access.secret(ws.root)
    with executors.app_session(ws):
        pass

    assert f"folder {ws.root} cannot be locked" in capsys.readouterr().err


def test_the_app_starts_in_a_folder_that_cannot_be_written_to_and_says_so(
    ws: Workspace, capsys: pytest.CaptureFixture[str]
):
    ws.app_lock.mkdir(parents=True)  # cannot be opened, as on a disk that is read-only

    with executors.app_session(ws):
        pass

    assert f"folder {ws.root} cannot be written to" in capsys.readouterr().err


def unable(*_: object) -> None:
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


def test_the_app_is_known_to_live_as_long_as_its_session(ws: Workspace):
    with executors.app_session(ws):
        assert locks.is_held(ws.app_lock)

    assert not locks.is_held(ws.app_lock)


def test_a_second_worker_is_not_started_beside_the_first(ws: Workspace):
    ws.root.mkdir()
    with locks.hold(ws.worker_lock):
        executors.EXECUTORS["local"].submit(ws)
        time.sleep(0.2)

    assert not ws.worker_log.exists()


def test_nothing_is_warmed_for_a_page_without_an_app(ws: Workspace):
    executors.warm(ws, CONFIG)

    assert not ws.worker_log.exists()
    assert not ws.chosen.exists()


def test_a_worker_is_warm_before_the_first_run_and_ends_with_the_app(ws: Workspace):
    with executors.app_session(ws):
        executors.warm(ws, CONFIG)
        executors.warm(ws, CONFIG)  # a page is drawn again and again
        wait_for(lambda: locks.is_held(ws.worker_lock))

    wait_for(lambda: not locks.is_held(ws.worker_lock))


def wait_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)
