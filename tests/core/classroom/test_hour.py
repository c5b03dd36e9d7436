"""What a teacher sets going for all, and who is here."""

import os
import time
from dataclasses import replace

import pytest

from core.classroom import handing, hour, people, presence
from core.classroom.folder import ClassFolder, folder_in
from core.errors import UserError
from core.records.classroom import ClassHour
from core.workspace import Workspace
from tests.builders import make_dataset


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def test_a_class_to_which_nothing_was_said_goes_on(room):
    assert hour.current(room) == ClassHour()


def test_each_thing_that_is_set_leaves_the_others(room):
    hour.pause(room, on=True)
    hour.give_lesson(room, "frozen")
    assert hour.current(room) == ClassHour(is_paused=True, lesson="frozen")

    hour.pause(room, on=False)
    assert hour.current(room) == ClassHour(lesson="frozen")


def test_what_cannot_be_read_holds_nobody_up(room):
    room.path.mkdir()
    room.hour.write_text("{")

    assert hour.current(room) == ClassHour()


def test_who_joins_later_has_what_was_handed_out_and_is_still_there(room, ws):
    ada = people.join(room, "Ada")
    first, second = (make_dataset(ws, num=2).id for _ in range(2))

    assert hour.hand_to_all(room, first) == 1
    assert hour.hand_to_all(room, first) == 0
    hour.hand_to_all(room, second)
    ws.dataset(second).record.unlink()
    ben = people.join(room, "Ben")
    hour.welcome(room, ben)

    assert handing.is_handed_out(room.workspace(ada.id), first)
    assert handing.is_handed_out(room.workspace(ben.id), first)
    assert not room.workspace(ben.id).dataset(second).path.exists()


def test_what_there_is_not_is_handed_to_nobody(room):
    with pytest.raises(UserError, match="no data set"):
        hour.hand_to_all(room, "none")

    assert hour.current(room).dataset_ids == ()


def test_who_looks_is_here_and_who_went_away_was_here(room):
    ada = replace(people.join(room, "Ada"), joined_at=0.0)
    assert not presence.is_here(room, ada)

    presence.note(room, ada)
    assert presence.is_here(room, ada)

    os.utime(room.seen(ada.id), (long_ago := time.time() - 600, long_ago))
    assert presence.last_seen(room, ada) == pytest.approx(long_ago, abs=1)
    assert not presence.is_here(room, ada)


def test_a_look_is_not_noted_again_and_again(room):
    ada = replace(people.join(room, "Ada"), joined_at=0.0)
    presence.note(room, ada)
    os.utime(room.seen(ada.id), (time.time() - 5, time.time() - 5))
    before = room.seen(ada.id).stat().st_mtime

    presence.note(room, ada)

    assert room.seen(ada.id).stat().st_mtime == before
