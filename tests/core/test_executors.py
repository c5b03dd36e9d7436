"""Where queued runs are worked on, and what an app session keeps alive."""

import time
from collections.abc import Callable

from core import devices, executors, runs
from core.records import State, TrainConfig
from core.workspace import Workspace

CONFIG = TrainConfig(dataset_id="missing")


def test_a_session_goes_on_with_a_run_that_was_cut_off(ws: Workspace):
    run_id = runs.create(ws, TrainConfig(dataset_id="missing"))
    device = devices.training_device()
    runs.set_state(ws, run_id, State.RUNNING, device=device, attempt=3)

    with executors.app_session(ws):
        state = runs.state_of(ws, run_id)

    assert state.state is State.FAILED  # three attempts are enough


def test_the_app_is_known_to_live_as_long_as_its_session(ws: Workspace):
    lock = devices.app_lock(devices.locks_folder(), ws)

    with executors.app_session(ws):
        assert devices.is_held(lock)

    assert not devices.is_held(lock)


def test_a_second_worker_is_not_started_beside_the_first(ws: Workspace):
    with devices.worker_lock(devices.locks_folder(), ws):
        executors.EXECUTORS["local"].submit(ws)
        time.sleep(0.2)

    assert not ws.worker_log.exists()


def test_nothing_is_warmed_for_a_page_without_an_app(ws: Workspace):
    executors.warm(ws, CONFIG)

    assert not ws.worker_log.exists()
    assert not ws.chosen.exists()


def test_a_worker_is_warm_before_the_first_run_and_ends_with_the_app(ws: Workspace):
    lock = devices.worker_lock(devices.locks_folder(), ws)

    with executors.app_session(ws):
        executors.warm(ws, CONFIG)
        executors.warm(ws, CONFIG)  # a page is drawn again and again
        wait_for(lambda: devices.is_held(lock))

    wait_for(lambda: not devices.is_held(lock))


def wait_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)
