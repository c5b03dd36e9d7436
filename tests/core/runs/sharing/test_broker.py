"""The serving process of a class, with engines that answer like the real one."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing import AuthenticationError

import pytest

from core import files, locks
from core.classroom import people
from core.classroom.folder import ClassFolder, folder_in
from core.errors import UserError
from core.records.classroom import ServingAddress
from core.records.requests import ExplainClass, Predict
from core.runs.engine_process import EngineProcess
from core.runs.sharing import asking, broker
from core.runs.sharing.asking import ClassProcess, process_for
from core.runs.sharing.broker import Lane
from core.workspace import Workspace
from tests.builders import make_dataset, make_run
from tests.fake_worker import FAKE


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


@pytest.fixture
def lanes(ws: Workspace) -> Iterator[dict[str, Lane]]:
    lanes = {name: Lane(EngineProcess("serve", ws, FAKE)) for name in (broker.QUICK, broker.SLOW)}
    yield lanes
    for lane in lanes.values():
        lane.process.kill()


@pytest.fixture
def served(room: ClassFolder, lanes: dict[str, Lane]) -> Iterator[Callable[[], None]]:
    """Have a broker in this process, as long as the app lives; give what ends it."""
    room.path.mkdir(exist_ok=True)
    over = threading.Event()

    def app() -> None:
        with locks.hold(room.app_lock):
            over.wait(60)

    threads = [threading.Thread(target=app)]
    threads[0].start()
    wait_until(lambda: locks.is_held(room.app_lock))
    work = threading.Thread(target=broker.serve, args=[room, lanes], kwargs={"poll": 0.02})
    work.start()
    yield over.set
    over.set()
    for lane in lanes.values():
        lane.used_at = -1e9
    for thread in (*threads, work):
        thread.join(20)
        assert not thread.is_alive()


def joined(room: ClassFolder, name: str) -> Workspace:
    return room.workspace(people.join(room, name).id)


@pytest.mark.usefixtures("served")
def test_people_ask_one_process_each_about_their_own_workspace(room, lanes):
    ada, ben = joined(room, "Ada"), joined(room, "Ben")
    hers = make_run(ada, config=None) if make_dataset(ada) else ""

    said = process_for(ada).ask(Predict(run_id=hers, files=("a.png",)))
    process_for(ben).ask(Predict(run_id="his", files=("b.png",)))
    process_for(ada).ask(ExplainClass(run_id=hers, label="green"))

    assert [one.file for one in said.predictions] == ["a.png"]
    assert ada.run(hers).class_picture(0).exists()  # written where she works
    assert {name: lane.process.alive for name, lane in lanes.items()} == {
        "quick": True,
        "slow": True,
    }


@pytest.mark.usefixtures("served")
def test_what_an_engine_refuses_or_dies_of_is_said_and_the_next_is_answered(room):
    process = process_for(joined(room, "Ada"))

    with pytest.raises(UserError, match="Ask again"):
        process.ask(Predict(run_id="x", files=("bad.png",)))
    with pytest.raises(UserError, match="ended while it was working"):
        process.ask(Predict(run_id="x", files=("crash.png",)))
    assert process.ask(Predict(run_id="x", files=("good.png",))).predictions


@pytest.mark.usefixtures("served")
def test_a_stranger_without_the_secret_is_not_answered(room):
    process = process_for(joined(room, "Ada"))
    process.ask(Predict(run_id="x", files=()))
    known = files.read_record(room.serving, ServingAddress)
    assert room.serving.stat().st_mode & 0o077 == 0

    with pytest.raises((AuthenticationError, EOFError, OSError)):  # or the line is cut first
        asking.Client(known.address, authkey=b"guessed")

    assert process.ask(Predict(run_id="x", files=("a",))).predictions


def test_the_slow_engine_rests_when_nobody_asks(room, lanes):
    lane = lanes[broker.SLOW]
    lane.process.start()

    lane.rest()
    assert lane.process.alive
    lane.used_at -= 2 * broker.IDLE_SECONDS
    lane.rest()

    assert not lane.process.alive


def test_one_who_asks_too_much_at_once_is_told(lanes, monkeypatch):
    monkeypatch.setattr(broker, "MOST_WAITING", 0)

    row = lanes[broker.QUICK].answer('{"ping": {}}', "ada")

    assert row is not None
    assert "Wait for their answers" in str(row["refused"])


def test_a_process_that_is_not_there_is_started_once(room, monkeypatch):
    started = []
    monkeypatch.setattr(asking.engine_process, "detach", lambda *w, log: started.append(w))
    ada, ben = (ClassProcess(room, joined(room, name)) for name in ("Ada", "Ben"))

    ada.start()
    ben.start()

    assert started == [("core.runs.sharing.broker", str(room.teacher.root))]


def test_one_person_alone_has_a_process_of_ones_own(ws):
    with closing(process_for(ws)) as process:
        assert isinstance(process, EngineProcess)


def wait_until(is_so) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)
