"""What the class has found out, as a table that a spreadsheet shows and never runs."""

import csv
from io import StringIO

import pytest

from core import runs
from core.classroom import people
from core.classroom.folder import ClassFolder, folder_in
from core.lessons import attempts, reading
from core.records import State, TrainConfig
from core.teaching import results
from core.workspace import Workspace
from tests.builders import make_dataset, make_run


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def rows(room: ClassFolder, language: str = "en") -> list[list[str]]:
    return list(csv.reader(StringIO(results.table(room, language).removeprefix("\ufeff"))))


def trained(ws: Workspace, **how) -> str:
    dataset = make_dataset(ws, num=2)
    return make_run(ws, config=TrainConfig(dataset_id=dataset.id, epochs=3), **how)


def test_every_run_is_a_row_with_its_owner_and_how_sure_it_is(room):
    ada, ben = (room.workspace(people.join(room, name).id) for name in ("Ada", "Ben"))
    runs.rename(ada, trained(ada), "my first")
    trained(ben, state=State.QUEUED)
    trained(room.teacher)

    head, first, second, third = rows(room)

    told = dict(zip(head, first, strict=True))
    assert (told["Person"], told["Run"], told["State"]) == ("Ada", "my first", "done")
    assert 0 < float(told["Likely from"]) < float(told["Accuracy"]) <= float(told["Likely to"]) <= 1
    assert told["Judged on"] == "validation"
    assert dict(zip(head, second, strict=True))["Accuracy"] == ""
    assert third[0] == "Teacher"


def test_names_that_are_formulas_are_text(room):
    ada = room.workspace(people.join(room, "=1+1").id)
    runs.rename(ada, trained(ada), "@SUM(A1)")

    _, row = rows(room)

    assert (row[0], row[2]) == ("'=1+1", "'@SUM(A1)")


def test_lessons_stand_below_with_the_guess(room):
    ada = room.workspace(people.join(room, "Ada").id)
    lesson = next(iter(reading.lessons().values()))
    attempts.begin(ada, lesson, lesson.guesses[0].name)

    *_, blank, head, row = rows(room)

    assert blank == []
    told = dict(zip(head, row, strict=True))
    assert (told["Person"], told["Lesson"]) == ("Ada", lesson.title)
    assert told["Guess"] == lesson.guesses[0].text
    assert told["What happened"] == told["Guessed rightly"] == ""


def test_the_table_is_in_the_readers_language(room):
    assert rows(room, "zh_CN")[0] != rows(room)[0]


def test_curves_are_those_of_one_data_set_and_the_shared_one_comes_first(room):
    ada, ben = (room.workspace(people.join(room, name).id) for name in ("Ada", "Ben"))
    make_run(ben, config=TrainConfig(dataset_id="alone", epochs=3))
    both = [make_run(ws, config=TrainConfig(dataset_id="shared", epochs=3)) for ws in (ada, ben)]

    found = results.all_runs(room)

    assert results.dataset_ids(found) == ["shared", "alone"]
    curves = results.curves(found, "shared")
    assert {(owner, run.id) for owner, run in curves} == set(zip(("Ada", "Ben"), both, strict=True))


def test_a_run_that_was_deleted_meanwhile_has_no_curve(room):
    ada = room.workspace(people.join(room, "Ada").id)
    dataset = make_dataset(ada, num=2).id
    kept, gone = (make_run(ada, config=TrainConfig(dataset_id=dataset, epochs=3)) for _ in "ab")
    found = results.all_runs(room)
    assert len(results.curves(found, dataset)) == 2

    runs.delete(ada, gone)

    assert [run.id for _, run in results.curves(found, dataset)] == [kept]
