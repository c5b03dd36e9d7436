"""The commands of a class: who is in it, and how the app is started."""

import json

import pytest

from core.classroom import people
from core.classroom.folder import ClassFolder, folder_in
from core.cli import EXIT_DONE, EXIT_MISUSED, main
from core.cli.classes import serving
from core.cli.parser import parse
from core.workspace import Workspace


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def people_of(ws: Workspace, *words: str) -> int:
    return main(["people", *words, "--workspace", str(ws.root)])


def test_the_teacher_reads_who_is_in_the_class_and_the_code_of_each(room, ws, capsys):
    ada, ben = people.join(room, "Ada"), people.join(room, "\x1b[31m小明")

    assert people_of(ws, "list") == EXIT_DONE
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        ada.code,
        ben.code,
    ]
    assert people_of(ws, "list", "--json") == EXIT_DONE
    [first, _] = json.loads(capsys.readouterr().out)["people"]
    assert (first["nickname"], first["id"]) == ("Ada", ada.id)
    assert first["workspace"] == str(room.workspace(ada.id).root)


def test_a_code_is_renewed_and_somebody_taken_out(room, ws, capsys):
    ada = people.join(room, "Ada")

    assert people_of(ws, "code", "ada") == EXIT_DONE
    [renewed] = people.everybody(room)
    assert renewed.code != ada.code
    assert renewed.code in capsys.readouterr().out

    assert people_of(ws, "remove", ada.id) == EXIT_DONE
    assert people.everybody(room) == []


@pytest.mark.parametrize("words", [["code"], ["remove"], ["remove", "Eve"], ["list", "Eve"]])
def test_who_is_not_in_the_class_is_said(room, ws, capsys, words):
    people.join(room, "Ada")

    assert people_of(ws, *words) == EXIT_MISUSED
    assert "error:" in capsys.readouterr().err
    assert len(people.everybody(room)) == 1


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        ([], []),
        (["--port", "8600"], ["--server.port=8600"]),
        (["--classroom"], ["--server.address=0.0.0.0", "--server.headless=true"]),
        (
            ["--classroom", "--address", "127.0.0.1", "--port", "8600"],
            ["--server.address=127.0.0.1", "--server.port=8600", "--server.headless=true"],
        ),
    ],
)
def test_the_app_is_started_where_it_was_asked_for(words, flags):
    assert serving._flags(parse(["serve", *words], "en")) == flags
