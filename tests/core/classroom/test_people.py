"""People of a class: who joins, who comes back, and what names they bring."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.classroom import people
from core.classroom.folder import ClassFolder, class_of, folder_in
from core.errors import UserError
from core.records.classroom import Role
from core.workspace import Workspace


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def test_who_joins_has_a_workspace_that_nobody_else_can_open_or_guess(room):
    before = os.umask(0)
    try:
        ada = people.join(room, "Ada")
    finally:
        os.umask(before)

    home = people.workspace_of(room, ada).root
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert len(ada.id) == 32
    int(ada.id, 16)
    assert people.find(room, ada.id) == ada
    assert people.join(room, "Ben").id != ada.id


def test_a_workspace_of_a_pupil_knows_its_class_and_no_other_does(room, ws):
    ada = people.join(room, "Ada")

    assert class_of(room.workspace(ada.id)) == room
    assert class_of(ws) is None
    assert class_of(Workspace(Path("/"))) is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Ada \n Lovelace ", "Ada Lovelace"),
        ("🐙", "🐙"),
        ("👩‍🔬 Li", "👩‍🔬 Li"),
        ("小明", "小明"),
        ("مريم", "مريم"),
        ("\u202eadmin", "admin"),
        ("a" * 200, "a" * 40),
        ("<b>x</b>", "<b>x</b>"),
        ("../../etc", "../../etc"),
    ],
)
def test_hostile_nicknames_are_names_in_one_line_and_never_paths(room, given, shown):
    person = people.join(room, given)

    assert person.nickname == shown
    assert [p.name for p in room.people.iterdir()] == [f"{person.id}.json"]


@pytest.mark.parametrize(
    "given", ["", "   ", "\u200b", "\u202e\u202e", "\u3164\u3164", "...", "\0"]
)
def test_a_nickname_that_shows_nothing_is_refused(room, given):
    with pytest.raises(UserError, match="nickname"):
        people.join(room, given)

    assert people.everybody(room) == []


def test_two_of_one_nickname_can_be_told_apart(room):
    given = ["Ada", "ada", "ADA ", "Ada 2"]

    assert [people.join(room, name).nickname for name in given] == [
        "Ada",
        "ada 2",
        "ADA 3",
        "Ada 2 2",
    ]


@pytest.mark.parametrize(
    "other",
    [
        "Mia\u200d",
        "Mia\u200c",
        "Mia\u034f",
        "Mia\ufe0f",
        "\uff2d\uff29\uff21",
        "\u041c\u0456\u0430",
    ],
)
def test_two_who_look_the_same_can_be_told_apart(room, other):
    people.join(room, "Mia")

    assert people.join(room, other).nickname.endswith(" 2")


@pytest.mark.parametrize("nickname", ["Teacher", "TEACHER", "\u0422eacher", "老师"])
def test_no_pupil_is_called_as_the_teacher_is(room, nickname):
    assert people.join(room, nickname).nickname == f"{nickname} 2"


def test_a_class_that_joins_at_once_has_one_join_code_and_no_name_twice(room):
    with ThreadPoolExecutor(8) as pool:
        joined = list(pool.map(lambda number: people.join(room, "Kim"), range(16)))

    assert len({person.nickname for person in joined}) == 16
    assert len({person.id for person in joined}) == 16
    assert len(people.settings(room).join_code) == 9


def test_a_personal_code_finds_its_person_alone(room):
    ada, ben = people.join(room, "Ada"), people.join(room, "Ben")

    assert people.with_code(room, ada.code.lower().replace("-", " ")) == ada
    assert people.with_code(room, ben.code) == ben
    assert people.with_code(room, "") is None
    assert people.with_code(room, "ABCD-EFGH") is None


def test_a_new_code_takes_the_place_of_the_old_one(room):
    ada = people.join(room, "Ada")

    renewed = people.renew_code(room, ada)

    assert people.with_code(room, ada.code) is None
    assert people.with_code(room, renewed.code) == renewed
    assert renewed.id == ada.id


def test_who_is_removed_is_gone_with_all_work(room):
    ada, ben = people.join(room, "Ada"), people.join(room, "Ben")
    (room.workspace(ada.id).root / "datasets").mkdir()

    people.remove(room, people.named(room, "ADA"))

    assert people.find(room, ada.id) is None
    assert people.everybody(room) == [ben]
    assert [path.name for path in (room.path / "workspaces").iterdir()] == [ben.id]


def test_what_a_process_makes_anew_for_who_was_removed_goes_too(room, monkeypatch):
    ada, ben = people.join(room, "Ada"), people.join(room, "Ben")
    people.remove(room, ada)
    photo = room.workspace(ada.id).staging / "import" / "photo.jpg"
    photo.parent.mkdir(parents=True)  # as an import does that was at work
    photo.touch()

    people.sweep(room)

    assert [path.name for path in (room.path / "workspaces").iterdir()] == [ben.id]
    assert people.everybody(room) == [ben]
    monkeypatch.setattr(people, "GONE_SECONDS", -1)
    people.sweep(room)
    assert [path.name for path in room.people.iterdir()] == [f"{ben.id}.json"]


def test_a_full_class_takes_nobody_more(room, monkeypatch):
    monkeypatch.setattr(people, "MOST_PEOPLE", 1)
    people.join(room, "Ada")

    with pytest.raises(UserError, match="The class has 1 person"):
        people.join(room, "Ben")


def test_the_teacher_works_in_the_workspace_around_the_class(room, ws):
    teacher = people.find(room, "teacher")

    assert teacher is not None
    assert teacher.role is Role.TEACHER
    assert people.workspace_of(room, teacher) == ws
    assert people.everybody(room) == []


def test_what_is_no_id_finds_nobody(room):
    assert people.find(room, "../secret") is None
    assert people.find(room, "") is None
    assert people.find(room, "0" * 32) is None
