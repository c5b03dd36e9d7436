"""The GPUs of one machine, one run each: GPUs in name only, with processes that learn nothing."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from core import devices, locks, runs
from core.cluster import dispatching
from core.cluster.desks import GpuDesk
from core.records import State, TrainConfig
from core.runs.engine_process import EngineProcess
from core.runs.sharing.places import Place
from core.workspace import Workspace
from tests.fake_worker import FAKE

ENDLESS = 4  # seed of a run that goes on until it is stopped


@pytest.fixture
def desk(ws: Workspace) -> Iterator[GpuDesk]:
    desk = GpuDesk(ws, ("0", "1"), FAKE)
    yield desk
    desk.close()


def queue(ws: Workspace, seed: int) -> str:
    return runs.create(ws, TrainConfig(dataset_id="d", seed=seed, epochs=2))


def in_state(ws: Workspace, state: State) -> list[str]:
    return [i for i, s in runs.states(ws).items() if s.state is state]


def held(*gpus: str) -> list[bool]:
    return [locks.is_held(devices.device_lock(f"gpu{gpu}")) for gpu in gpus]


@contextmanager
def beside(act: Callable[[], None]) -> Iterator[None]:
    """Do something in another thread while the block runs."""
    thread = threading.Thread(target=act)
    thread.start()
    yield
    thread.join(60)
    assert not thread.is_alive()


def dispatch(ws: Workspace, desk: GpuDesk) -> None:
    dispatching.dispatch(Place(ws), desk, lives_on=lambda: False, poll=0.02)


def test_each_gpu_trains_a_run_under_its_own_lock(ws: Workspace, desk: GpuDesk):
    ids = [queue(ws, ENDLESS) for _ in range(3)]
    seen: list[object] = []

    def look() -> None:
        while len(in_state(ws, State.RUNNING)) < 2:
            time.sleep(0.02)
        seen.extend([in_state(ws, State.RUNNING), in_state(ws, State.QUEUED), held("0", "1")])
        for run_id in ids:
            runs.request_stop(ws, run_id)

    with beside(look):
        dispatch(ws, desk)

    assert seen == [ids[:2], ids[2:], [True, True]]
    assert held("0", "1") == [False, False]
    assert in_state(ws, State.STOPPED) == ids
    assert runs.state_of(ws, ids[0]).device == "gpu"


def test_a_gpu_on_which_another_workspace_trains_is_left_alone(ws: Workspace, desk: GpuDesk):
    with locks.hold(devices.device_lock("gpu0")), desk.engine() as engine:
        assert engine is desk._engines["1"]
        with desk.engine() as none_is_left:
            assert none_is_left is None


@pytest.mark.usefixtures("two_gpus")
def test_a_run_waits_until_a_gpu_is_free(ws: Workspace, desk: GpuDesk):
    run_id, ready = queue(ws, 0), threading.Event()

    def train_elsewhere() -> None:
        with devices.held():
            ready.set()
            time.sleep(0.3)
            assert runs.state_of(ws, run_id).state is State.QUEUED

    with beside(train_elsewhere):
        ready.wait(20)
        dispatch(ws, desk)

    assert runs.state_of(ws, run_id).state is State.DONE


def test_a_process_of_one_gpu_sees_no_other(ws: Workspace):
    shows = "import os, sys; sys.stderr.write(os.environ['CUDA_VISIBLE_DEVICES'])"
    engine = EngineProcess("train", ws, (sys.executable, "-c", shows), gpu="1").twin("keep")

    engine.start()
    while engine.alive:
        time.sleep(0.02)
    engine.close()

    assert ws.worker_log.read_text() == "1"
