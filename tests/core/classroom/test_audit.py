"""The log of a class: who did what and when, in ids and words of ours alone."""

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core import datasets, files, runs
from core.classroom import audit, people
from core.classroom.folder import TEACHER, ClassFolder, folder_in
from core.cli import main
from core.datasets import curation
from core.ingest import requests
from core.records import State, TrainConfig
from core.records.classroom import Act, ActKind
from core.runs import making
from core.web import joining
from core.workspace import Workspace
from tests.builders import make_dataset, make_run, write_folder

SECRET = "zebra"  # in every name that somebody gave


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def verbs(room: ClassFolder, person_id: str) -> list[str]:
    return [act.verb for act in audit.read(room) if act.person == person_id]


def test_what_a_pupil_does_is_written_down_without_names_and_images(room, tmp_path):
    ada = people.join(room, f"Ada {SECRET}")
    ws = people.workspace_of(room, ada)
    source = write_folder(tmp_path / SECRET, classes=(f"{SECRET} a", f"{SECRET} b"), num=6)
    dataset = requests.run(ws, requests.begin(ws, f"{SECRET} photos"), source=source)
    curation.rename_class(ws, dataset.id, f"{SECRET} a", f"{SECRET} c")
    run = making.create(ws, TrainConfig(dataset_id=dataset.id))
    runs.rename(ws, run, f"{SECRET} run")
    runs.request_stop(ws, run)
    runs.delete(ws, run)
    runs.restore(ws, run)
    datasets.open_test(ws, dataset.id)
    datasets.delete(ws, dataset.id)
    datasets.restore(ws, dataset.id)

    assert verbs(room, ada.id) == [
        *(
            ActKind.JOIN,
            ActKind.IMPORT,
            ActKind.EDIT,
            ActKind.TRAIN,
            ActKind.STOP,
            ActKind.DELETE,
            ActKind.RESTORE,
        ),
        *(ActKind.TEST, ActKind.DELETE, ActKind.RESTORE),
    ]
    assert {i for act in audit.read(room) for i in act.ids} == {dataset.id, run}
    assert SECRET not in room.audit.read_text()


def test_the_teacher_is_in_it_and_one_person_alone_has_none(room, ws):
    runs.delete(ws, make_run(ws, state=State.DONE))
    assert not room.audit.exists()

    people.settings(room)
    run = make_run(ws, state=State.DONE)
    runs.delete(ws, run)

    *_, act = audit.read(room)
    assert (act.person, act.verb, act.ids) == (TEACHER, ActKind.DELETE, (run,))


def test_the_door_notes_who_comes_back_and_what_was_wrong(room, ws):
    ada = people.join(room, "Ada")
    door = Middleware(joining.ClassDoor, root=ws.root, teacher_code="ABCD-EFGH-JKMN")
    client = TestClient(Starlette(middleware=[door]), follow_redirects=False)
    client.post("/return", data={"code": "WRONG"})
    client.post("/return", data={"code": ada.code})
    client.post("/leave")

    told = [(act.person, act.verb) for act in audit.read(room)]
    assert told == [
        (ada.id, ActKind.JOIN),
        ("", ActKind.WRONG_CODE),
        (ada.id, ActKind.RETURN),
        (ada.id, ActKind.LEAVE),
    ]
    assert "WRONG" not in room.audit.read_text()


def test_the_log_turns_and_only_the_oldest_goes(room, monkeypatch):
    people.settings(room)
    monkeypatch.setattr(audit, "MOST_BYTES", 2000)
    for number in range(200):
        audit.log_in(room, "someone", ActKind.TRAIN, f"run-{number}")

    kept = [act.ids[0] for act in audit.read(room)]
    assert kept == [f"run-{number}" for number in range(200 - len(kept), 200)]
    assert 60 < len(kept) < 200
    assert len(list(room.path.glob("audit*.jsonl"))) == audit.OLDER + 1


def test_a_log_that_cannot_be_written_stops_nobody(room):
    people.settings(room)
    room.audit.mkdir()

    assert people.join(room, "Ada").nickname == "Ada"


def test_the_command_says_it_to_people_and_to_programs(room, ws, capsys):
    ada, ben = people.join(room, "Ada \x1b[31m"), people.join(room, "Ben")
    make_dataset(people.workspace_of(room, ada), name="photos")
    making.create(people.workspace_of(room, ada), TrainConfig(dataset_id="photos-0000"))
    files.append_record(room.audit, Act(at=0.0, person=ben.id, verb="flies", ids=("x",)))
    where = ["--workspace", str(ws.root)]

    assert main(["people", "log", *where]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ", 1)[1].rpartition("  ")[0] for line in lines[2:]] == [
        f"{ada.nickname}  asked for a training",
        "Ben  flies",
    ]
    assert main(["people", "log", "Ben", *where, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["log"]
    assert [act["verb"] for act in told] == ["join", "flies"]

    people.remove(room, ben)
    assert main(["people", "log", ben.id, *where]) == 0
    out = capsys.readouterr().out
    assert "Ben" not in out
    assert "was taken out of the class" in out
    assert main(["people", "log", "Nobody", *where]) == 2


def test_every_verb_has_its_words(tmp_path: Path):
    assert set(audit.SENTENCES) == set(ActKind)
