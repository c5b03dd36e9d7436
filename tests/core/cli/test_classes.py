"""The commands of a class: who is in it, and how the app is started."""

import json
import zipfile

import pytest

from core.classroom import handing, hour, links, people, quotas
from core.classroom.folder import TEACHER, ClassFolder, folder_in
from core.cli import EXIT_DONE, EXIT_MISUSED, main
from core.cli.classes import serving
from core.cli.parser import parse
from core.institution import admission, identities
from core.institution.records import Claims, Institution
from core.lessons import reading
from core.records.classroom import ClassHour, Quota
from core.workspace import Workspace
from tests.builders import make_dataset

STAFF = Institution()
CLAIMS = Claims(issuer="https://id.example", subject="1", name="Ada")
OF_CLASS = ["--server.headless=true", "--server.maxUploadSize=40"]


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    room = folder_in(ws.root)
    people.settings(room)
    return room


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


def test_who_signs_in_is_taken_out_and_let_in_again_by_the_id_in_the_log(room, ws, capsys):
    found = admission.admit(room, STAFF, CLAIMS)

    assert people_of(ws, "list") == EXIT_DONE
    assert capsys.readouterr().out.split()[0] == "-"
    assert people_of(ws, "list", "--json") == EXIT_DONE
    [told] = json.loads(capsys.readouterr().out)["people"]
    assert (told["issuer"], told["subject"]) == ("https://id.example", "1")
    assert people_of(ws, "code", "Ada") == EXIT_MISUSED
    assert people_of(ws, "remove", "Ada") == EXIT_DONE
    with pytest.raises(admission.TurnedAwayError):
        admission.admit(room, STAFF, CLAIMS)
    capsys.readouterr()
    assert people_of(ws, "log") == EXIT_DONE
    assert f"{found.person.id}  was taken out of the class" in capsys.readouterr().out
    assert people_of(ws, "admit", found.person.id) == EXIT_DONE
    assert people_of(ws, "admit", found.person.id) == EXIT_MISUSED
    assert admission.admit(room, STAFF, CLAIMS).person.nickname == "Ada"


def test_an_address_that_another_account_has_is_freed(room, ws):
    identities.holds(room, "t@school.example", "a")

    assert people_of(ws, "admit", "T@school.example") == EXIT_DONE
    assert identities.holds(room, "t@school.example", "b")
    assert people_of(ws, "admit", "other@school.example") == EXIT_MISUSED


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
        (["--classroom"], ["--server.address=0.0.0.0", *OF_CLASS]),
        (
            ["--classroom", "--address", "127.0.0.1", "--port", "8600"],
            ["--server.address=127.0.0.1", "--server.port=8600", *OF_CLASS],
        ),
    ],
)
def test_the_app_is_started_where_it_was_asked_for(words, flags):
    assert serving._flags(parse(["serve", *words], "en")) == flags


def class_of(ws: Workspace, *words: str) -> int:
    return main(["class", *words, "--workspace", str(ws.root)])


def test_what_each_may_take_is_said_and_changed(room, ws, capsys):
    ada = people.join(room, "Ada")

    assert people_of(ws, "quota", "--gigabytes", "2.5", "--queued", "0") == EXIT_DONE
    assert "--gigabytes 2.5 " in capsys.readouterr().out
    assert people_of(ws, "quota", "ada", "--images", "7", "--json") == EXIT_DONE
    told = json.loads(capsys.readouterr().out)["quota"]
    assert (told["gigabytes"], told["queued"], told["images"]) == (2.5, 0, 7)
    assert people_of(ws, "quota", "ada", "--as-all") == EXIT_DONE

    assert quotas.quota_of(room.workspace(ada.id)) == Quota(gigabytes=2.5, queued=0)


@pytest.mark.parametrize(
    "words",
    [
        ["quota", "--gigabytes", "much"],
        ["quota", "--gigabytes", "nan"],
        ["quota", "--datasets", "-1"],
        ["quota", "--datasets", "2.5"],
        ["quota", "--images", "1e99"],
        ["quota", "--as-all"],
        ["quota", "Eve", "--images", "1"],
        ["quota", "Ada", "--free-gigabytes", "1"],
        ["list", "--images", "1"],
    ],
)
def test_what_may_not_be_meant_is_refused(room, ws, capsys, words):
    people.join(room, "Ada")

    assert people_of(ws, *words) == EXIT_MISUSED
    assert "error:" in capsys.readouterr().err
    assert people.settings(room).quota == Quota()


def test_a_class_is_led_without_a_page(room, ws, tmp_path, capsys):
    ada = people.join(room, "Ada")
    dataset = make_dataset(ws, num=2).id
    lesson = next(iter(reading.lessons()))

    for words in (["hand-out", dataset], ["pause"], ["lesson", lesson]):
        assert class_of(ws, *words) == EXIT_DONE
    assert handing.is_handed_out(room.workspace(ada.id), dataset)
    assert hour.current(room) == ClassHour(is_paused=True, lesson=lesson, dataset_ids=(dataset,))
    for words in (["go-on"], ["lesson", "none"]):
        assert class_of(ws, *words) == EXIT_DONE
    assert hour.current(room) == ClassHour(dataset_ids=(dataset,))

    assert class_of(ws, "results", str(tmp_path / "a.csv")) == EXIT_DONE
    assert class_of(ws, "work", str(tmp_path / "a.zip")) == EXIT_DONE
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").startswith("Person,")
    assert zipfile.ZipFile(tmp_path / "a.zip").testzip() is None
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600

    assert class_of(ws, "wipe", "no") == EXIT_MISUSED
    assert people.everybody(room) == [ada]
    assert class_of(ws, "wipe", people.settings(room).join_code) == EXIT_DONE
    assert people.everybody(room) == []


def test_links_of_all_are_listed_and_taken_back(room, ws, capsys):
    ada = people.join(room, "Ada")
    link = links.make(room, ada, "r")
    links.make(room, people.find(room, TEACHER), "mine")

    assert class_of(ws, "links") == EXIT_DONE
    out = capsys.readouterr().out
    assert f"{link.token} " in out
    assert {line.split("  ")[-2] for line in out.splitlines()} == {"Ada", "the teacher"}
    assert class_of(ws, "unlink", link.token) == EXIT_DONE
    assert links.of_run(room, ada, "r") is None


@pytest.mark.parametrize(
    "words",
    [
        ["hand-out"],
        ["hand-out", "none"],
        ["lesson", "no such"],
        ["results"],
        ["results", "a.zip"],
        ["work", "/none/a.zip"],
        ["wipe"],
        ["unlink", "none"],
    ],
)
def test_what_a_class_cannot_do_is_said(room, ws, capsys, words):
    people.join(room, "Ada")

    assert class_of(ws, *words) == EXIT_MISUSED
    assert "error:" in capsys.readouterr().err
    assert len(people.everybody(room)) == 1


def test_where_no_class_was_opened_none_is_made(ws, capsys):
    ws.root.mkdir()

    assert class_of(ws, "pause") == EXIT_MISUSED
    assert people_of(ws, "quota", "--images", "1") == EXIT_MISUSED
    assert list(ws.root.iterdir()) == []


PROXY = '[teachers]\ngroups = ["staff"]\n[proxy]\nuser = "X-User"\naddresses = '


@pytest.mark.parametrize(
    ("addresses", "flags"),
    [
        ('["127.0.0.1", "::1"]', OF_CLASS),  # this machine alone asks
        ('["127.0.0.1", "10.0.0.5"]', ["--server.address=0.0.0.0", *OF_CLASS]),
    ],
)
def test_behind_a_proxy_the_app_listens_where_that_is_and_believes_no_other_header(
    tmp_path, addresses, flags
):
    path = tmp_path / "institution.toml"
    path.write_text(PROXY + addresses, encoding="utf-8")
    options = parse(["serve", "--institution", str(path)], "en")

    assert serving._flags(options) == flags
    assert serving._switches(options) == {
        "THAW_INSTITUTION": str(path),
        "FORWARDED_ALLOW_IPS": "",
    }


def test_settings_that_are_wrong_start_nothing(tmp_path, ws, capsys):
    path = tmp_path / "institution.toml"
    path.write_text("[teacher]\n", encoding="utf-8")

    code = main(["serve", "--institution", str(path), "--workspace", str(ws.root)])

    assert code == EXIT_MISUSED
    assert "Perhaps teachers is meant." in capsys.readouterr().err
