"""What a pupil is told whose run waits for others."""

from collections.abc import Iterator

import pytest

from core import files, runs
from core.classroom import people
from core.classroom.folder import ClassFolder, folder_in
from core.records import Progress, Stage, State, TrainConfig
from core.runs.sharing import waits
from core.workspace import Workspace
from tests.builders import make_dataset


@pytest.fixture
def room(ws: Workspace) -> Iterator[ClassFolder]:
    ws.root.mkdir()
    waits._look.cache_clear()
    yield folder_in(ws.root)
    waits._look.cache_clear()


def pupil(room: ClassFolder, name: str) -> Workspace:
    return room.workspace(people.join(room, name).id)


def test_a_place_in_line_and_the_time_of_those_before_it(room):
    ada, ben = pupil(room, "Ada"), pupil(room, "Ben")
    first, last = (runs.create(ada, config(ada)) for _ in range(2))
    his = runs.create(ben, config(ben))

    found = {i: waits.wait_of(ws, i) for ws, i in ((ada, first), (ben, his), (ada, last))}

    assert [found[i].position for i in (first, his, last)] == [1, 2, 3]
    assert found[first].high_seconds == 0
    assert 0 < found[his].low_seconds < found[his].high_seconds < found[last].high_seconds


def test_what_trains_says_itself_how_long_it_takes(room, keep_alive):
    ada, ben = pupil(room, "Ada"), pupil(room, "Ben")
    trains, his = runs.create(ada, config(ada)), runs.create(ben, config(ben))
    runs.set_state(ada, trains, State.RUNNING, device="cpu", attempt=1)
    progress = Progress(stage=Stage.TRAINING, done=0.5, eta_seconds=42.0)
    files.write_record(ada.run(trains).progress, progress)

    wait = waits.wait_of(ben, his)

    assert (wait.position, wait.low_seconds, wait.high_seconds) == (1, 42, 42)
    assert waits.wait_of(ada, trains) is None


def test_where_runs_are_trained_side_by_side_no_time_is_promised(room, monkeypatch):
    ada = pupil(room, "Ada")
    first, last = (runs.create(ada, config(ada)) for _ in range(2))
    monkeypatch.setenv("THAW_EXECUTOR", "ray:head:6379")

    told = [str(waits.told(waits.wait_of(ada, run_id))) for run_id in (first, last)]

    assert told == ["Waiting in line: yours is the next.", "Waiting in line: place 2."]


def test_a_run_whose_images_are_gone_counts_no_time(room):
    ada, ben = pupil(room, "Ada"), pupil(room, "Ben")
    runs.create(ada, TrainConfig(dataset_id="gone"))
    his = runs.create(ben, config(ben))

    assert waits.wait_of(ben, his).high_seconds == 0


def test_the_place_in_line_is_said_and_of_several_that_of_the_first(room):
    ada, ben = pupil(room, "Ada"), pupil(room, "Ben")
    mine = [runs.create(ada, config(ada)) for _ in range(2)]
    runs.create(ben, config(ben))

    assert str(waits.told_of_first(ada, mine)) == "Waiting in line: yours is the next."
    assert str(waits.told_of_first(ada, mine[1:])).startswith("Waiting in line: place 3, it begins")
    assert waits.told_of_first(ada, []) is None


def test_one_person_alone_waits_in_no_line(ws):
    assert waits.wait_of(ws, runs.create(ws, TrainConfig(dataset_id="d"))) is None


def config(ws: Workspace) -> TrainConfig:
    return TrainConfig(dataset_id=make_dataset(ws).id)
