"""Who is in the class and what trains, as the teacher sees it and changes it."""

import pytest

from core import runs
from core.classroom import people
from core.classroom.folder import ClassFolder, folder_in
from core.records import State, TrainConfig
from core.runs.sharing import places
from core.teaching import roll
from core.workspace import Workspace


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def queue(ws: Workspace) -> str:
    return runs.create(ws, TrainConfig(dataset_id="d"))


def test_the_roll_says_who_is_here_and_what_each_has_running(room):
    ada, ben = (people.join(room, name) for name in ("ada", "Ben"))
    trains = queue(room.workspace(ada.id))
    queue(room.workspace(ada.id))
    runs.set_state(room.workspace(ada.id), trains, State.RUNNING, device="cpu", attempt=1)

    first, second = roll.roll(room, roll.line(room))

    assert (first.person, first.num_running, first.num_waiting) == (ada, 1, 1)
    assert first.num_bytes > 64 * 1024  # of each run, a reserve
    assert (second.person, second.num_running, second.num_waiting) == (ben, 0, 0)
    assert first.is_here


def test_the_line_names_the_teachers_runs_too(room):
    ada = people.join(room, "Ada")
    hers, his = queue(room.workspace(ada.id)), queue(room.teacher)

    found = roll.line(room)

    assert [(one.owner, one.run_id, one.position) for one in found] == [
        ("Ada", hers, 1),
        ("", his, 2),
    ]


def test_a_run_is_taken_next_and_the_line_that_is_shown_is_the_one_that_is_served(room):
    spaces = [room.workspace(people.join(room, name).id) for name in ("Ada", "Ben", "Cyd")]
    ada, ben, cyd = ((ws, queue(ws)) for ws in spaces)
    place = places.of_class(room)

    place.put_first(*cyd)
    assert place.run_line().line == (cyd, ada, ben)
    place.put_first(*ben)
    assert place.run_line().line == (ben, cyd, ada)
    assert place.next_run() == ben

    runs.request_stop(*ben)
    assert place.next_run() == cyd


def test_one_person_alone_puts_nothing_first(ws):
    run = queue(ws)

    places.place_of(ws).put_first(ws, run)

    assert not (ws.root / "classroom").exists()
