"""Data sets handed out: everybody's own, and on the disk once."""

import pytest

from core import datasets, files
from core.classroom import handing, people
from core.classroom.folder import ClassFolder, folder_in
from core.datasets import curation, versions
from core.errors import UserError
from core.workspace import Workspace
from tests.builders import make_dataset


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def test_everybody_has_the_same_images_and_the_disk_has_them_once(room, ws):
    ada = people.join(room, "Ada")
    dataset = make_dataset(ws)
    datasets.open_test(ws, dataset.id)

    assert handing.hand_out(room, dataset.id) == 1
    ben = people.join(room, "Ben")
    assert handing.hand_out(room, dataset.id) == 1  # who has it already is left alone

    for person in (ada, ben):
        theirs = room.workspace(person.id)
        assert datasets.get(theirs, dataset.id) == dataset
        assert handing.is_handed_out(theirs, dataset.id)
        assert datasets.num_openings(theirs, dataset.id) == 0
        for image in datasets.images(theirs, dataset.id):
            copies = [datasets.image_path(w, dataset.id, image) for w in (ws, theirs)]
            assert copies[0].samefile(copies[1])
    assert not handing.is_handed_out(ws, dataset.id)


def test_what_a_pupil_does_with_it_is_seen_by_nobody_else(room, ws):
    ada, ben = (room.workspace(people.join(room, name).id) for name in ("Ada", "Ben"))
    dataset = make_dataset(ws)
    handing.hand_out(room, dataset.id)
    before = datasets.images(ws, dataset.id)

    curation.exclude(ada, dataset.id, [versions.key(before[0])])
    datasets.rename(ada, dataset.id, "mine")
    datasets.open_test(ada, dataset.id)
    datasets.delete(ben, dataset.id)

    assert datasets.version_numbers(ws, dataset.id) == [0]
    assert datasets.images(ws, dataset.id) == before
    assert datasets.get(ws, dataset.id).name == dataset.name
    assert datasets.num_openings(ws, dataset.id) == 0
    assert all(datasets.image_path(ws, dataset.id, image).exists() for image in before)
    assert datasets.latest(ada, dataset.id).version == 1


def test_one_that_is_not_there_is_named(room):
    people.join(room, "Ada")

    with pytest.raises(UserError, match="no data set called 'x'"):
        handing.hand_out(room, "x")


def test_features_are_shared_by_content_and_what_is_named_by_id_is_not(room, ws):
    ada, ben = (room.workspace(people.join(room, name).id) for name in ("Ada", "Ben"))

    assert ada.features == ben.features == ws.features == ws.cache
    assert len({ada.embeddings, ben.embeddings, ws.embeddings}) == 3


def test_a_workspace_that_was_taken_elsewhere_has_features_of_its_own(room, tmp_path):
    ada = room.workspace(people.join(room, "Ada").id)

    ada.root.rename(tmp_path / "taken")
    (room.teacher.cache).rmdir()

    taken = Workspace(tmp_path / "taken")
    assert taken.features == taken.cache


def test_a_hand_out_that_fails_leaves_nothing(room, ws, monkeypatch):
    ada = room.workspace(people.join(room, "Ada").id)
    dataset = make_dataset(ws)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(handing.os, "rename", full)
    with pytest.raises(OSError, match="space"):
        handing.hand_out(room, dataset.id)

    assert not datasets.ids(ada)
    assert not list(ada.staging.iterdir())
    assert files.read_record(ws.dataset(dataset.id).record, type(dataset)) == dataset
