"""Photos that phones bring, until they are accepted."""

import pytest

from core.classroom import collecting
from core.classroom.folder import ClassFolder, folder_in
from core.errors import UserError
from core.workspace import Workspace

JPEG, PNG, WEBP = b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def test_photos_wait_with_their_class_and_who_brought_them(room):
    birds = collecting.begin(room, "birds", ("robin", "wren", " Robin ", ""))
    ada, ben = (collecting.take_in(room, birds, name) for name in ("Ada", "ada"))

    assert collecting.receive(room, birds, ada, "robin", JPEG)
    assert collecting.receive(room, birds, ben, "wren", PNG)
    assert collecting.receive(room, birds, ben, "wren", WEBP)

    assert set(birds.classes) == {"robin", "wren"}
    found = [(one.contributor.name, one.path.suffix) for one in collecting.waiting(room, birds)]
    assert sorted(found) == [("Ada", ".jpg"), ("ada 2", ".png"), ("ada 2", ".webp")]


def test_without_classes_each_contributor_is_one(room):
    faces = collecting.begin(room, "hands", ())
    for name in ("Ada", "Ben"):
        collecting.receive(room, faces, collecting.take_in(room, faces, name), "x", JPEG)

    assert [one.label for one in collecting.waiting(room, faces)] == ["Ada", "Ben"]


@pytest.mark.parametrize("data", [b"", b"<svg>", b"GIF89a", b"<html>", b"%!PS"])
def test_what_is_no_photo_is_not_kept(room, data):
    birds = collecting.begin(room, "birds", ("a", "b"))
    ada = collecting.take_in(room, birds, "Ada")

    assert not collecting.receive(room, birds, ada, "a", data)
    assert collecting.waiting(room, birds) == []


def test_what_cannot_be_taken_is_refused_in_words(room, monkeypatch):
    birds = collecting.begin(room, "birds", ("a", "b"))
    ada = collecting.take_in(room, birds, "Ada")
    with pytest.raises(UserError, match="No photos"):
        collecting.receive(room, birds, ada, "c", JPEG)

    monkeypatch.setattr(collecting, "MOST_PHOTOS", 1)
    collecting.receive(room, birds, ada, "a", JPEG)
    with pytest.raises(UserError, match="wait already"):
        collecting.receive(room, birds, ada, "a", JPEG)

    closed = collecting.change(room, birds.token, is_open=False)
    with pytest.raises(UserError, match="No photos"):
        collecting.receive(room, closed, ada, "a", JPEG)
    with pytest.raises(UserError, match="class"):
        collecting.begin(room, "birds", ("one",))


@pytest.mark.parametrize("token", ["", "..", "x/y", "0" * 32])
def test_what_is_no_collection_is_none(room, token):
    assert collecting.of_token(room, token) is None
