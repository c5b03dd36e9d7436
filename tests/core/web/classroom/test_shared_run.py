"""A run behind a link, for a stranger at the door of a class."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import runs
from core.classroom import links, people
from core.classroom.folder import SWITCH, ClassFolder, folder_in
from core.records import TrainConfig
from core.records.classroom import Person
from core.web import middleware, routes
from core.workspace import Workspace
from tests.builders import make_dataset, make_run


@pytest.fixture
def room(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> ClassFolder:
    monkeypatch.setenv(SWITCH, "1")
    ws.root.mkdir()
    return folder_in(ws.root)


@pytest.fixture
def ada(room: ClassFolder) -> Person:
    return people.join(room, "Ada")


@pytest.fixture
def run(room: ClassFolder, ada: Person) -> str:
    ws = room.workspace(ada.id)
    made = make_run(ws, config=TrainConfig(dataset_id=make_dataset(ws, num=2).id, epochs=2))
    runs.rename(ws, made, "<script>mine</script>")
    return made


@pytest.fixture(params=["", "thaw"])
def base(request) -> str:
    return request.param


@pytest.fixture
def stranger(room: ClassFolder, base: str) -> TestClient:
    guards = middleware.for_class(room.teacher.root, teacher_code="TEACHER-CODE", base=base)
    app = Starlette(routes=routes.build(room.teacher.root, base=base), middleware=guards)
    return TestClient(app, "http://thaw.school", follow_redirects=False)


def test_a_stranger_with_the_link_sees_the_run_and_can_do_nothing(room, ada, run, stranger, base):
    link = links.make(room, ada, run)

    answer = stranger.get(f"{base and '/thaw'}/shared/{link.token}")

    assert answer.status_code == 200
    assert "&lt;script&gt;mine" in answer.text
    for control in ("<form", "<button", "<a ", "<input", "<script"):
        assert control not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_link_that_was_taken_back_says_so(room, ada, run, stranger, base):
    link = links.make(room, ada, run)
    links.revoke(room, ada, run)

    answer = stranger.get(f"{base and '/thaw'}/shared/{link.token}")

    assert answer.status_code == 410
    assert "taken back" in answer.text
    assert "mine" not in answer.text


@pytest.mark.parametrize("gone", ["run", "person"])
def test_what_is_gone_is_not_shown(room, ada, run, stranger, base, gone):
    link = links.make(room, ada, run)
    runs.delete(room.workspace(ada.id), run) if gone == "run" else people.remove(room, ada)

    assert stranger.get(f"{base and '/thaw'}/shared/{link.token}").status_code == 410


def test_the_door_stays_shut_for_everything_else(room, stranger, base):
    shared = f"{base and '/thaw'}/shared"

    assert stranger.get(f"{shared}/{'0' * 32}").status_code == 404
    assert stranger.post(f"{shared}/{'0' * 32}").status_code == 401
    assert stranger.get(f"{shared}/../api/class/results.csv").status_code in (401, 404)
    assert stranger.get(f"{shared}/%2e%2e/api/class/results.csv").status_code in (401, 404)


def test_the_sentence_is_in_the_readers_language(stranger, base):
    answer = stranger.get(f"{base and '/thaw'}/shared/none", headers={"accept-language": "zh-CN"})

    assert 'lang="zh-CN"' in answer.text
    assert "no such link" not in answer.text


def test_one_person_alone_has_no_links(room, ada, run, ws, monkeypatch):
    link = links.make(room, ada, run)
    monkeypatch.delenv(SWITCH)

    answer = TestClient(Starlette(routes=routes.build(ws.root))).get(f"/shared/{link.token}")

    assert answer.status_code == 404
