"""Places for processes: a few of a kind at a time, and short imports beside long ones."""

import threading
from contextlib import ExitStack

import pytest

from core.classroom import people, slots
from core.classroom.folder import SWITCH, ClassFolder, folder_in
from core.classroom.slots import PLACES, Slot, taken
from core.workspace import Workspace


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def joined(room: ClassFolder, name: str) -> Workspace:
    return room.workspace(people.join(room, name).id)


@pytest.mark.parametrize("slot", Slot)
def test_as_many_work_as_have_a_place_and_the_next_waits_until_one_ends(room, slot):
    begun = threading.Event()

    def one_more() -> None:
        with taken(joined(room, "Late"), slot):
            begun.set()

    waiting = threading.Thread(target=one_more)
    with ExitStack() as stack:
        for number in range(PLACES[slot]):
            stack.enter_context(taken(joined(room, f"Kim {number}"), slot))
        waiting.start()
        assert not begun.wait(0.3)
    waiting.join(20)

    assert begun.is_set()


def test_a_short_import_waits_for_no_long_one(room):
    assert slots.of_import(slots.LONG_IMPORT) is Slot.IMPORT
    assert slots.of_import(slots.LONG_IMPORT + 1) is Slot.LONG_IMPORT

    with taken(joined(room, "Ada"), Slot.LONG_IMPORT), taken(joined(room, "Ben"), Slot.IMPORT):
        pass


def test_who_stops_waits_no_longer(room):
    with (
        taken(joined(room, "Ada"), Slot.LONG_IMPORT),
        taken(joined(room, "Ben"), Slot.LONG_IMPORT, stop=lambda: True),
    ):
        pass


def test_one_person_alone_has_no_places_and_the_teacher_of_an_open_class_has(ws, monkeypatch):
    ws.root.mkdir()
    with taken(ws, Slot.CONVERSION), taken(ws, Slot.CONVERSION):
        assert not folder_in(ws.root).path.exists()

    monkeypatch.setenv(SWITCH, "1")
    with taken(ws, Slot.CONVERSION):
        assert [path.name for path in folder_in(ws.root).slots.iterdir()] == ["conversion-0.lock"]
