"""The page on which phones bring photos."""

import asyncio
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import files
from core.classroom import collecting, people, quotas
from core.classroom.folder import SWITCH, ClassFolder, folder_in
from core.records.classroom import Collection
from core.web import middleware, routes
from core.web.classroom import phones
from core.workspace import Workspace

JPEG = b"\xff\xd8\xff\xe0 photo"


@pytest.fixture
def room(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> ClassFolder:
    monkeypatch.setenv(SWITCH, "1")
    ws.root.mkdir()
    return folder_in(ws.root)


@pytest.fixture
def birds(room: ClassFolder) -> Collection:
    return collecting.begin(room, "birds <b>", ("robin", 'wren"'))


@pytest.fixture
def phone(room: ClassFolder) -> TestClient:
    return browser(room)


def browser(room: ClassFolder) -> TestClient:
    guards = middleware.for_class(room.teacher.root, teacher_code="TEACHER-CODE")
    app = Starlette(routes=routes.build(room.teacher.root), middleware=guards)
    return TestClient(app, "http://thaw.school")


def agree(phone: TestClient, birds: Collection, name: str = "Ada"):
    return phone.post(f"/collect/{birds.token}", data={"name": name, "agreed": "1"})


def send(phone: TestClient, birds: Collection, *photos: bytes, label: str = "robin"):
    sent = [("photo", (f"{n}.jpg", data)) for n, data in enumerate(photos)]
    return phone.post(f"/collect/{birds.token}", data={"label": label}, files=sent)


def test_nothing_is_taken_before_somebody_has_agreed(phone, room, birds):
    page = phone.get(f"/collect/{birds.token}")
    assert "birds &lt;b&gt;" in page.text
    assert "You can have them removed" in page.text
    assert 'type="file"' not in page.text

    send(phone, birds, JPEG)
    phone.post(f"/collect/{birds.token}", data={"name": "Ada"})

    assert collecting.waiting(room, birds) == []
    assert collecting.contributors(room, birds) == []


def test_photos_arrive_and_wait(phone, room, birds):
    page = agree(phone, birds)
    assert 'type="file"' in page.text
    assert 'value="wren&quot;"' in page.text

    answer = send(phone, birds, JPEG, JPEG, b"<svg>")

    assert "2 photos have arrived" in answer.text
    assert [one.label for one in collecting.waiting(room, birds)] == ["robin", "robin"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_who_wants_out_is_out(phone, room, birds):
    agree(phone, birds)
    send(phone, birds, JPEG)

    answer = phone.post(f"/collect/{birds.token}", data={"remove": "1"})

    assert "were removed" in answer.text
    assert collecting.waiting(room, birds) == []
    assert collecting.contributors(room, birds) == []
    send(phone, birds, JPEG)
    assert collecting.waiting(room, birds) == []


def test_one_phone_removes_only_its_own(phone, room, birds):
    agree(phone, birds)
    send(phone, birds, JPEG)
    other = browser(room)
    agree(other, birds, "Ben")

    other.post(f"/collect/{birds.token}", data={"remove": "1"})

    assert [one.name for one in collecting.contributors(room, birds)] == ["Ada"]
    assert len(collecting.waiting(room, birds)) == 1


def test_what_is_wrong_is_said(phone, room, birds):
    assert phone.get(f"/collect/{'0' * 32}").status_code == 404
    assert agree(phone, birds, "  ").status_code == 422
    agree(phone, birds)
    assert "No photos are taken" in send(phone, birds, JPEG, label="eagle").text
    assert "JPEG, PNG or WebP" in send(phone, birds, b"<svg>").text


def test_nothing_of_what_is_too_large_is_read(phone, room, birds, monkeypatch):
    agree(phone, birds)
    monkeypatch.setattr("core.web.classroom.phones.MOST_BYTES", 100)

    answer = send(phone, birds, JPEG * 100)

    assert answer.status_code == 422
    assert "too large" in answer.text


def test_a_gallery_of_photos_is_taken_and_more_are_refused_in_words(phone, room, birds):
    agree(phone, birds)

    assert "40 photos have arrived" in send(phone, birds, *[JPEG] * 40).text
    answer = send(phone, birds, *[JPEG] * 101)

    assert answer.status_code == 422
    assert "At most 100 photos. Send fewer at a time." in answer.text
    assert 'type="file"' in answer.text
    assert len(collecting.waiting(room, birds)) == 40


def test_what_is_no_photo_among_photos_is_said(phone, birds):
    agree(phone, birds)

    answer = send(phone, birds, JPEG, b"<svg>")

    assert "1 photo has arrived" in answer.text
    assert "The other files are no photos" in answer.text


def test_one_photo_that_is_too_large_is_refused(phone, room, birds, monkeypatch):
    agree(phone, birds)
    monkeypatch.setattr("core.web.classroom.phones.MOST_PHOTO_BYTES", 100)

    assert send(phone, birds, JPEG, JPEG * 100).status_code == 422
    assert collecting.waiting(room, birds) == []


@pytest.mark.parametrize(("of_one", "of_all"), [(10, 1), (1000, 1e-8)])
def test_what_waits_of_strangers_has_an_end(phone, room, birds, monkeypatch, of_one, of_all):
    agree(phone, birds)
    monkeypatch.setattr(quotas, "MOST_OF_STRANGER", of_one)
    known = people.settings(room)
    quota = replace(known.quota, gigabytes=of_all)
    files.write_record(room.settings, replace(known, quota=quota))

    assert "Very many photos wait" in send(phone, birds, JPEG).text
    assert collecting.waiting(room, birds) == []


def test_a_closed_collection_says_so_and_lets_its_contributors_take_photos_back(phone, room, birds):
    agree(phone, birds)
    send(phone, birds, JPEG)
    collecting.change(room, birds.token, is_open=False)

    page = phone.get(f"/collect/{birds.token}").text
    assert "No photos are taken any more." in page
    assert 'type="file"' not in page
    late = browser(room)
    assert 'name="agreed"' not in late.get(f"/collect/{birds.token}").text
    assert "No photos are taken any more." in agree(late, birds, "Late").text
    assert [one.name for one in collecting.contributors(room, birds)] == ["Ada"]
    phone.post(f"/collect/{birds.token}", data={"remove": "1"})
    assert collecting.contributors(room, birds) == []


def test_a_phone_is_known_as_long_as_photos_can_be_taken_back(phone, birds):
    answer = phone.post(
        f"/collect/{birds.token}", data={"name": "Ada", "agreed": "1"}, follow_redirects=False
    )

    assert f"Max-Age={365 * 86400}" in answer.headers["set-cookie"]


def test_a_body_that_does_not_arrive_is_given_up(phone, room, birds, monkeypatch):
    monkeypatch.setattr(phones, "SECONDS_STILL", 0.01)

    async def never() -> None:
        await asyncio.sleep(60)

    assert asyncio.run(phones._patient(never)()) == {"type": "http.disconnect"}


def test_a_photo_that_waits_is_for_the_teacher_alone(phone, room, birds):
    agree(phone, birds)
    send(phone, birds, JPEG)
    [one] = collecting.waiting(room, birds)

    assert phone.get(f"/api/class/waiting/{birds.token}/{one.key}").status_code == 401


def test_one_person_alone_collects_nothing(room, birds, ws, monkeypatch):
    monkeypatch.delenv(SWITCH)

    app = TestClient(Starlette(routes=routes.build(ws.root)))

    assert app.get(f"/collect/{birds.token}").status_code == 404
