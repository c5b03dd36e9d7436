"""Workers that end, that come a second time, that wait: who trains a run."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core import devices, locks, runs
from core.records import State
from core.runs import recovery, supervising, worker
from core.runs.engine_process import EngineProcess
from core.runs.sharing.places import Place
from core.workspace import Workspace
from tests.core.runs.queued import queue, work


@pytest.mark.parametrize("device", ["cpu", "gpu"])
def test_a_run_cut_off_with_its_worker_goes_back_to_the_queue(ws: Workspace, device: str):
    """Whatever it was taken on, also by a version that had no lock for each run."""
    run_id = queue(ws, seed=0)
    runs.set_state(ws, run_id, State.RUNNING, device=device, attempt=1)

    with locks.hold(devices.device_lock(device)):  # another workspace trains
        assert recovery.reconcile(ws)

    state = runs.state_of(ws, run_id)
    assert (state.state, state.attempt) == (State.QUEUED, 1)
    assert not recovery.reconcile(ws)


def test_a_run_that_somebody_trains_is_left_alone(ws: Workspace):
    run_id = queue(ws, seed=0)
    runs.set_state(ws, run_id, State.RUNNING, device="cpu", attempt=1)

    with locks.hold(ws.run(run_id).lock):
        assert not recovery.reconcile(ws)

    assert runs.state_of(ws, run_id).state is State.RUNNING


def test_where_nothing_may_be_locked_runs_are_looked_at_and_left_alone(ws: Workspace):
    run_id = queue(ws, seed=0)
    runs.set_state(ws, run_id, State.RUNNING, device="cpu", attempt=1)
    ws.run(run_id).lock.mkdir()  # cannot be opened, as on a disk that is read-only

    assert not recovery.reconcile(ws)

    assert runs.state_of(ws, run_id).state is State.RUNNING


def test_a_run_is_alive_from_the_moment_it_runs_until_it_has_ended(
    ws: Workspace, engine: EngineProcess
):
    run_id = queue(ws, seed=4)
    worker_ = threading.Thread(target=work, args=[ws, engine])
    worker_.start()
    while runs.state_of(ws, run_id).state is State.QUEUED:
        time.sleep(0.002)

    assert not recovery.reconcile(ws)
    runs.request_stop(ws, run_id)
    worker_.join()

    assert runs.state_of(ws, run_id).state is State.STOPPED
    assert not locks.is_held(ws.run(run_id).lock)


def test_a_run_that_another_process_trains_is_not_taken(ws: Workspace, engine: EngineProcess):
    run_id = queue(ws, seed=0)

    with locks.hold(ws.run(run_id).lock):
        supervising.supervise(ws, run_id, engine, device="cpu")

    assert runs.state_of(ws, run_id).state is State.QUEUED


def test_a_second_worker_takes_nothing_wherever_its_temporary_files_lie(
    ws: Workspace, engine: EngineProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    run_id = queue(ws, seed=0)

    with locks.hold(ws.worker_lock):
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setenv("THAW_LOCKS", str(tmp_path / "other"))
        monkeypatch.setattr(worker, "LOOK_SECONDS", 0.0)
        worker.work_alone(Place(ws), engine)

    assert runs.state_of(ws, run_id).state is State.QUEUED


def test_a_worker_ends_with_the_command_that_started_it(ws: Workspace):
    command = [sys.executable, "-m", "core.runs.worker", str(ws.root), "--only", "run"]
    ws.root.mkdir(parents=True)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    time.sleep(1)

    assert process.stdin is not None
    process.stdin.close()

    assert process.wait(timeout=30) == 0


def test_a_worker_starts_although_somebody_looks_whether_there_is_one(
    ws: Workspace, engine: EngineProcess, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.0)
    run_id = queue(ws, seed=0)
    looks = threading.Event()

    def look() -> None:
        with locks.hold(ws.worker_lock):
            looks.set()
            time.sleep(0.2)

    threading.Thread(target=look).start()
    looks.wait()
    worker.work_alone(Place(ws), engine)

    assert runs.state_of(ws, run_id).state is State.DONE


@pytest.mark.parametrize(
    ("comes", "ends"),
    [
        (lambda ws, old: queue(ws, seed=0), State.DONE),
        (runs.requeue, State.DONE),
        (lambda ws, old: runs.set_state(ws, old, State.QUEUED), State.QUEUED),  # unseen as yet
    ],
    ids=["new", "again", "unseen"],
)
def test_an_idle_worker_reads_the_states_of_runs_only_when_one_came(
    ws: Workspace, engine: EngineProcess, monkeypatch: pytest.MonkeyPatch, comes, ends: State
):
    monkeypatch.setattr(worker, "LOOK_ANYWAY_SECONDS", 1e9)
    old = queue(ws, seed=0)
    runs.set_state(ws, old, State.FAILED)
    os.utime(ws.runs, (1, 1))
    moments = iter(["nothing", "comes", "nothing", "nothing"])

    def lives_on() -> bool:
        moment = next(moments, None)
        if moment == "comes":
            comes(ws, old)
        return moment is not None

    worker.work(Place(ws), engine, lives_on=lives_on, poll=0.0)

    assert runs.state_of(ws, runs.ids(ws)[-1]).state is ends


def test_a_worker_finds_in_time_what_it_did_not_see_come(
    ws: Workspace, engine: EngineProcess, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(worker, "LOOK_ANYWAY_SECONDS", 0.1)
    run_id = queue(ws, seed=0)
    runs.set_state(ws, run_id, State.FAILED)
    end = time.monotonic() + 30

    def lives_on() -> bool:
        state = runs.state_of(ws, run_id).state
        if state is State.FAILED:
            runs.set_state(ws, run_id, State.QUEUED)
        return state is not State.DONE and time.monotonic() < end

    worker.work(Place(ws), engine, lives_on=lives_on, poll=0.02)

    assert runs.state_of(ws, run_id).state is State.DONE
