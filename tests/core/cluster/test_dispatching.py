"""The dispatcher, with two nodes that learn nothing and need no Ray."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest

from core import files, runs
from core.cluster import attempts, dispatching, features
from core.cluster.desks import NodesDesk
from core.cluster.features import FeatureShards
from core.cluster.nodes import Work
from core.cluster.remote import RemoteEngine
from core.errors import Problem
from core.records import Progress, Stage, State, TrainConfig
from core.runs.sharing.places import Place
from core.workspace import Workspace
from tests import builders
from tests.nodes import FakeNodes, FakeTask

ENDLESS = 4  # seed of a run that goes on until it is stopped


@pytest.fixture
def nodes() -> Iterator[FakeNodes]:
    nodes = FakeNodes()
    yield nodes
    nodes.close()


@pytest.fixture
def dispatched(ws: Workspace, nodes: FakeNodes) -> Iterator[None]:
    """Have a dispatcher work beside the test until no run is left."""
    over = threading.Event()
    thread = threading.Thread(
        target=dispatching.dispatch,
        args=[Place(ws), NodesDesk(lambda: nodes)],
        kwargs={"lives_on": lambda: not over.is_set(), "poll": 0.02},
    )
    thread.start()
    yield
    over.set()
    for run_id in runs.ids(ws):
        runs.request_stop(ws, run_id)
    thread.join(60)
    assert not thread.is_alive()


def queue(ws: Workspace, seed: int = 0) -> str:
    return runs.create(ws, TrainConfig(dataset_id="d", seed=seed, epochs=2))


def wait_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def in_state(ws: Workspace, state: State) -> list[str]:
    return [i for i, s in runs.states(ws).items() if s.state is state]


@pytest.mark.usefixtures("dispatched")
def test_runs_are_trained_side_by_side_and_the_rest_waits_in_our_queue(ws: Workspace):
    first, second, third = (queue(ws, ENDLESS) for _ in range(3))

    wait_for(lambda: {runs.state_of(ws, i).node for i in (first, second)} == {"one", "two"})
    assert in_state(ws, State.RUNNING) == [first, second]
    assert in_state(ws, State.QUEUED) == [third]
    runs.request_stop(ws, first)
    wait_for(lambda: runs.state_of(ws, third).state is State.RUNNING)

    assert in_state(ws, State.STOPPED) == [first]


@pytest.mark.usefixtures("dispatched")
def test_a_run_deleted_under_it_leaves_the_others_alone(ws: Workspace):
    gone, other = queue(ws, ENDLESS), queue(ws, ENDLESS)
    wait_for(lambda: len(in_state(ws, State.RUNNING)) == 2)

    runs_folder = ws.run(gone).path
    runs_folder.rename(ws.root / "elsewhere")
    third = queue(ws)
    wait_for(lambda: runs.state_of(ws, third).state is State.DONE)

    assert runs.state_of(ws, other).state is State.RUNNING


@pytest.mark.usefixtures("dispatched")
def test_runs_wait_in_our_queue_while_no_node_is_there_and_the_page_says_so(
    ws: Workspace, nodes: FakeNodes
):
    nodes.are_gone = True
    run_id = queue(ws)
    wait_for(ws.no_worker.exists)

    told = files.read_record(ws.no_worker, Problem)
    waiting = runs.state_of(ws, run_id).state
    nodes.are_gone = False
    wait_for(lambda: runs.state_of(ws, run_id).state is State.DONE)

    assert str(told.what) == "No computer of the cluster is there to train."
    assert waiting is State.QUEUED
    wait_for(lambda: not ws.no_worker.exists())


@pytest.mark.parametrize("attempt", [0, 2])
def test_a_run_that_no_node_is_left_for_waits_again_and_that_is_no_attempt(
    ws: Workspace, nodes: FakeNodes, attempt: int
):
    run_id = queue(ws)
    runs.set_state(ws, run_id, State.QUEUED, attempt=attempt)
    nodes.are_gone = True  # just after the dispatcher saw that there was room

    dispatching.supervise(ws, run_id, RemoteEngine(nodes), device="cpu", poll=0.02)

    assert runs.state_of(ws, run_id).state is State.QUEUED
    assert runs.state_of(ws, run_id).attempt == attempt


@pytest.mark.usefixtures("dispatched")
def test_a_run_on_a_node_that_fell_silent_goes_on_elsewhere(ws: Workspace, nodes: FakeNodes):
    run_id = queue(ws, ENDLESS)
    wait_for(lambda: bool(runs.state_of(ws, run_id).node))
    first = runs.state_of(ws, run_id).node

    nodes.silent.add(first)
    wait_for(lambda: runs.state_of(ws, run_id).node not in ("", first))

    assert runs.state_of(ws, run_id).state is State.RUNNING


def test_what_a_lost_attempt_said_of_its_progress_is_no_news_of_the_next(
    ws: Workspace, nodes: FakeNodes
):
    run_id = queue(ws)
    lost = attempts.begin(ws.run(run_id))
    said = Progress(stage=Stage.TRAINING, done=0.4, eta_seconds=9.0)
    for folder in (lost.folder, ws.run(run_id)):
        files.write_record(folder.progress, said)
    nodes.are_gone = True

    dispatching.supervise(ws, run_id, RemoteEngine(nodes), device="cpu", poll=0.02)

    told = files.read_record(ws.run(run_id).progress, Progress)
    assert told == Progress(stage=Stage.STARTING, done=0.4)


def test_a_run_waits_no_longer_for_shards_of_a_node_that_fell_silent(
    ws: Workspace, nodes: FakeNodes
):
    task = FakeTask(Future(), [], nodes)
    assert not features.wait([task], 0.0)

    nodes.silent.add("one")

    assert features.wait([task], 0.0)


def test_a_run_that_no_node_is_left_for_is_called_off_at_once(ws: Workspace, nodes: FakeNodes):
    run_id = queue(ws)
    nodes.are_gone = True
    asked = nodes.submit

    def submit(work: Work) -> FakeTask:
        runs.request_stop(ws, run_id)
        return asked(work)

    nodes.submit = submit  # type: ignore[method-assign]
    dispatching.supervise(ws, run_id, RemoteEngine(nodes), device="cpu", poll=0.02)

    assert runs.state_of(ws, run_id).state is State.STOPPED


def test_shards_of_a_large_set_come_before_the_run_and_once_for_all_that_need_them(
    ws: Workspace, nodes: FakeNodes
):
    made = builders.make_dataset(ws, num=20)
    shards = FeatureShards(least=10)
    rungs = [TrainConfig(dataset_id=made.id, freeze=freeze) for freeze in ("all", "none")]

    for config in (*rungs, TrainConfig(dataset_id=made.id, image_size=96)):
        for task in shards.begin(ws, config, nodes):
            assert task.outcome(60) is not None

    asked = [(work.line.count('"shards": 2'), work.folder) for work in nodes.works]
    assert asked == [(1, "")] * 4  # two nodes for the rungs, and for the other size again


def test_a_small_set_and_one_that_is_gone_are_left_to_the_run(ws: Workspace, nodes: FakeNodes):
    made = builders.make_dataset(ws, num=20)

    assert FeatureShards().begin(ws, TrainConfig(dataset_id=made.id), nodes) == []
    assert FeatureShards().begin(ws, TrainConfig(dataset_id="gone"), nodes) == []


def test_a_run_begins_when_its_shards_have_ended_and_says_what_it_waits_for(
    ws: Workspace, nodes: FakeNodes
):
    made = builders.make_dataset(ws, num=20)
    run_id = runs.create(ws, TrainConfig(dataset_id=made.id, seed=0))
    engine = RemoteEngine(nodes, shards=FeatureShards(least=10))

    dispatching.supervise(ws, run_id, engine, device="cpu", poll=0.02)

    assert runs.state_of(ws, run_id).state is State.DONE
    assert [bool(work.folder) for work in nodes.works] == [False, False, True]
    assert [str(line) for line in runs.log(ws, run_id)] == [
        "2 nodes look at the images side by side."
    ]
