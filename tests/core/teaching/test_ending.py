"""The end of a lesson: everything in one ZIP, and nothing left where it is wiped."""

import zipfile
from io import BytesIO

import pytest

from core import datasets
from core.classroom import collecting, handing, hour, people
from core.classroom.folder import ClassFolder, folder_in
from core.errors import UserError
from core.records import TrainConfig
from core.records.classroom import ClassHour
from core.teaching import ending, forgetting
from core.trash import leftovers
from core.workspace import Workspace
from tests.builders import make_dataset, make_run


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def unpacked(room: ClassFolder) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(BytesIO(b"".join(ending.packed(room, "en"))))
    assert archive.testzip() is None
    return archive


def test_the_zip_has_a_folder_for_each_and_a_table_of_all(room):
    ada = room.workspace(people.join(room, "Ada").id)
    own = make_dataset(ada, num=2)
    run = make_run(ada, config=TrainConfig(dataset_id=own.id, epochs=3))

    found = unpacked(room)

    names = found.namelist()
    assert "Ada," in found.read("results.csv").decode()
    assert found.read(f"Ada/runs/{run}/model.keras") == ada.run(run).model.read_bytes()
    assert sum(name.endswith(".png") for name in names) == 4
    assert not [name for name in names if "cache" in name or name.endswith(".lock")]


def test_pictures_that_were_handed_out_are_not_packed_for_each(room, ws):
    handed = make_dataset(ws, num=2).id
    ada = people.join(room, "Ada")
    handing.hand_out(room, handed)

    names = unpacked(room).namelist()

    assert f"Ada/datasets/{handed}/dataset.json" in names
    assert not [name for name in names if name.endswith(".png")]
    assert ada.id not in "".join(names)


@pytest.mark.parametrize("nickname", ["../../etc", "a/b\\c", "CON", "x:y", "...b..."])
def test_a_nickname_is_never_a_path_out_of_the_folder(room, nickname):
    person = people.join(room, nickname)
    make_run(room.workspace(person.id), config=TrainConfig(dataset_id="d", epochs=1))

    for name in unpacked(room).namelist():
        folder = name.split("/")[0]
        assert ".." not in name.split("/")
        assert folder.upper() != "CON"
        assert not set(folder) & set('\\:*?"<>|')


def test_two_names_that_become_one_stay_two_folders(room):
    for nickname in ("a/b", "a:b"):
        person = people.join(room, nickname)
        make_run(room.workspace(person.id), config=TrainConfig(dataset_id="d", epochs=1))

    folders = {name.split("/")[0] for name in unpacked(room).namelist() if "/" in name}

    assert len(folders) == 2


def test_wiping_takes_everybody_out_past_the_trash_and_closes_the_old_way_in(room, ws):
    own = make_dataset(ws, num=2).id
    for name in ("Ada", "Ben"):
        space = room.workspace(people.join(room, name).id)
        datasets.delete(space, make_dataset(space, num=2).id)
    (ws.cache / "features-of-a-picture").mkdir(parents=True)
    (leftovers.links_of(ws) / "classroom" / "workspaces").mkdir(parents=True)
    hour.pause(room, on=True)
    code = people.settings(room).join_code

    assert ending.wipe(room, f" {code.lower()} ") == 2

    assert people.everybody(room) == []
    assert list((room.path / "workspaces").iterdir()) == []
    assert people.settings(room).join_code != code
    assert hour.current(room) == ClassHour()
    assert not (ws.cache / "features-of-a-picture").exists()
    assert not leftovers.links_of(ws).exists()
    assert datasets.ids(ws) == [own]


def test_who_brought_photos_can_be_taken_out_of_the_data_set_after_the_wiping(room, ws):
    birds = collecting.begin(room, "birds", ())
    ada = collecting.take_in(room, birds, "Ada")
    collecting.receive(room, birds, ada, "", b"\xff\xd8\xff")
    collecting.change(room, birds.token, dataset_id=make_dataset(ws, num=2).id)
    empty = collecting.begin(room, "nothing came of it", ())

    ending.wipe(room, people.settings(room).join_code)

    [left] = collecting.everything(room)
    assert (left.title, left.is_open) == ("birds", False)
    assert collecting.waiting(room, left) == []
    assert not room.collection(empty.token).path.exists()
    forgetting.remove(room, left, ada)
    assert collecting.contributors(room, left) == []


def test_nobody_wipes_by_mistake(room):
    people.join(room, "Ada")

    with pytest.raises(UserError, match="join code"):
        ending.wipe(room, "wipe")

    assert len(people.everybody(room)) == 1
