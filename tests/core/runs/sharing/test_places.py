"""One worker for a class: everybody's runs in turn, and nothing lost when it is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import locks, runs
from core.classroom import people
from core.classroom.folder import ClassFolder, folder_in
from core.records import State, TrainConfig
from core.runs import executors, worker
from core.runs.engine_process import EngineProcess
from core.runs.sharing import places
from core.runs.sharing.places import Place, place_of
from core.workspace import Workspace
from tests.fake_worker import FAKE


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


@pytest.fixture
def two(room: ClassFolder) -> tuple[Workspace, Workspace]:
    return tuple(room.workspace(people.join(room, name).id) for name in ("Ada", "Ben"))


@pytest.fixture
def engine(ws: Workspace) -> Iterator[EngineProcess]:
    engine = EngineProcess("train", ws, FAKE)
    yield engine
    engine.kill()


def queue(ws: Workspace, seed: int = 0) -> str:
    return runs.create(ws, TrainConfig(dataset_id="d", seed=seed, epochs=2))


def ended_at(ws: Workspace, run_id: str) -> float:
    state = runs.state_of(ws, run_id)
    assert state.state is State.DONE
    return state.changed_at


def test_one_training_process_serves_all_in_turn(room, two, ws, engine):
    ada, ben = two
    hers = [queue(ada) for _ in range(3)]
    his, teachers = queue(ben), queue(ws)

    worker.work(places.of_class(room), engine, lives_on=lambda: False, poll=0.02)

    times = [ended_at(ada, hers[0]), ended_at(ben, his), ended_at(ws, teachers),
             ended_at(ada, hers[1]), ended_at(ada, hers[2])]  # fmt: skip
    assert times == sorted(times)


def test_turns_outlive_the_worker(room, two, engine):
    ada, ben = two
    place = places.of_class(room)
    queue(ada)
    worker.work(place, engine, lives_on=lambda: False, poll=0.02)
    hers, his = queue(ada), queue(ben)

    assert list(places.of_class(room).run_line().line) == [(ben, his), (ada, hers)]


def test_a_broken_order_is_no_reason_to_stop(room, two):
    hers = queue(two[0])
    room.turns.write_text("{")

    assert list(places.of_class(room).run_line().line) == [(two[0], hers)]


def test_a_pupil_belongs_to_the_class_and_the_teacher_while_it_is_open(room, two, ws):
    assert place_of(two[0]) == places.of_class(room)
    assert place_of(ws) == Place(ws)
    room.path.mkdir(exist_ok=True)
    with locks.hold(room.app_lock):
        assert place_of(ws) == places.of_class(room)


def test_one_worker_is_asked_for_and_it_is_that_of_the_class(room, two, monkeypatch):
    started = []
    monkeypatch.setattr(
        executors.engine_process, "detach", lambda *words, log: started.append(words)
    )

    executors.submit(two[0])
    with locks.hold(room.worker_lock):
        executors.submit(two[1])

    assert started == [("core.runs.worker", str(room.teacher.root), "--classroom")]


def test_the_app_looks_after_the_runs_of_all(room, two, monkeypatch):
    asked = []
    monkeypatch.setattr(executors.Local, "submit", lambda self, ws: asked.append(ws))
    run_id = queue(two[1])
    runs.set_state(two[1], run_id, State.RUNNING, device="cpu", attempt=1)  # its worker was killed

    with locks.hold(room.app_lock):
        assert executors.look_after(room.teacher)

    assert asked == [room.teacher]
    assert runs.state_of(two[1], run_id).state is State.QUEUED


def test_a_pupil_who_is_removed_in_the_midst_of_a_run_ends_nobody_elses(room, two, engine):
    ada, ben = two
    gone, stays = queue(ada, seed=4), queue(ben)  # the first would never end by itself

    child = subprocess.Popen(
        [sys.executable, "-c", REMOVE, str(room.path), ada.root.name, gone], cwd=ROOT
    )
    worker.work(places.of_class(room), engine, lives_on=lambda: False, poll=0.02)
    child.wait(30)

    assert runs.state_of(ben, stays).state is State.DONE
    assert not ada.root.exists()


ROOT = Path(__file__).parents[4]
REMOVE = """
import sys, time
from pathlib import Path
from core import runs
from core.classroom import people
from core.classroom.folder import ClassFolder
room = ClassFolder(Path(sys.argv[1]))
ws = room.workspace(sys.argv[2])
while runs.state_of(ws, sys.argv[3]).state != "running":
    time.sleep(0.02)
people.remove(room, people.find(room, sys.argv[2]))
"""


def test_a_worker_of_a_class_that_is_killed_loses_nothing(room, two, ws, engine):
    ada, ben = two
    first, second = queue(ada, seed=4), queue(ben)
    command = [sys.executable, str(ROOT / "tests/fake_worker.py"), str(ws.root), "--classroom"]
    child = subprocess.Popen(command, start_new_session=True)
    wait_until(lambda: runs.state_of(ada, first).state is State.RUNNING)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait(20)
    wait_until(lambda: not locks.is_held(ada.run(first).lock))

    runs.request_stop(ada, first)
    worker.work(places.of_class(room), engine, lives_on=lambda: False, poll=0.02)

    assert runs.state_of(ada, first).state is State.STOPPED
    assert runs.state_of(ben, second).state is State.DONE


def wait_until(is_so) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
