"""What every place to train keeps, with a training process that learns nothing."""

import time
from collections.abc import Callable, Iterator

import pytest

from core import runs
from core.records import State, TrainConfig
from core.runs.executors import Executor, Inline, Local
from core.workspace import Workspace
from tests import ray_cluster
from tests.fake_worker import FAKE

SUBMITTED = {
    "local": Local("tests.fake_worker"),
    "inline": Inline(FAKE),
    "nodes": Local("tests.nodes"),  # a cluster of two nodes without Ray
    "ray": Local("tests.ray_dispatcher"),
}
PLACES = [
    pytest.param(name, marks=ray_cluster.MARKS if name == "ray" else ()) for name in SUBMITTED
]
OUTLIVING = [place for place in PLACES if place.values != ("inline",)]


@pytest.fixture(scope="module")
def _cluster() -> Iterator[ray_cluster.Running]:
    with ray_cluster.running() as cluster:
        yield cluster


@pytest.fixture
def executor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Executor:
    if request.param == "ray":
        cluster = request.getfixturevalue("_cluster")
        for name, value in cluster.environment.items():
            monkeypatch.setenv(name, value)
    return SUBMITTED[request.param]


def queue(ws: Workspace, seed: int) -> str:
    return runs.create(ws, TrainConfig(dataset_id="d", seed=seed, epochs=2))


def ended(ws: Workspace, run_id: str) -> tuple[State, int]:
    state = runs.state_of(ws, run_id)
    return state.state, state.attempt


def wait_for(happened: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("executor", PLACES, indirect=True)
def test_runs_end_as_they_should_wherever_they_are_trained(ws: Workspace, executor: Executor):
    """One start of the processes serves for all ways in which a run may end."""
    well, lost_once, lost, raised, refused, stopped = (
        queue(ws, seed) for seed in (0, 5, 1, 2, 3, 7)
    )
    called_off = queue(ws, 0)
    runs.request_stop(ws, called_off)

    executor.submit(ws)
    wait_for(lambda: not (set(active(ws)) - {called_off}))

    assert ended(ws, well) == (State.DONE, 1)
    assert ended(ws, lost_once) == (State.DONE, 2)
    assert ended(ws, lost) == (State.FAILED, 3)  # tried three times, and no more
    assert ended(ws, raised) == (State.FAILED, 1)  # it would raise again
    assert ended(ws, refused) == (State.FAILED, 1)
    assert str(runs.state_of(ws, refused).error.what) == "No."
    assert ended(ws, stopped) == (State.STOPPED, 2)  # what its checkpoint kept
    assert ended(ws, called_off) == (State.STOPPED, 0)
    for run_id in (well, lost_once):
        assert [m.epoch for m in runs.epochs(ws, run_id)] == [1, 2]
        assert runs.get(ws, run_id).card is not None
    ids = (well, lost_once, lost, raised, refused, stopped)
    wait_for(lambda: not [name for run_id in ids for name in left_over(ws, run_id)])


def left_over(ws: Workspace, run_id: str) -> list[str]:
    names = (path.name for path in ws.run(run_id).path.iterdir())
    return [name for name in names if name.startswith(("attempt-", "."))]


def active(ws: Workspace) -> list[str]:
    states = runs.states(ws).items()
    return [i for i, s in states if s.state in (State.QUEUED, State.RUNNING)]


@pytest.mark.parametrize("executor", OUTLIVING, indirect=True)
def test_a_run_that_is_trained_is_stopped(ws: Workspace, executor: Executor):
    run_id = queue(ws, seed=4)  # goes on until it is stopped
    executor.submit(ws)
    wait_for(lambda: bool(runs.epochs(ws, run_id)))

    runs.request_stop(ws, run_id)
    wait_for(lambda: not active(ws))

    assert ended(ws, run_id) == (State.STOPPED, 1)
    assert runs.get(ws, run_id).card is not None
