"""Photos that are accepted become a data set; who wants out is out everywhere."""

import errno
import io
import shutil

import numpy as np
import pytest
from PIL import Image

from core import datasets, files
from core.backups import contents, moments
from core.classroom import collecting, handing, people
from core.classroom.folder import ClassFolder, folder_in
from core.datasets import curation
from core.errors import UserError
from core.ingest import requests
from core.records import FileReport, IngestStage, TrainConfig
from core.records.classroom import Collection, Contributor
from core.runs import engine_process
from core.teaching import accepting, forgetting
from core.trash import TrashKind, leftovers, put
from core.workspace import Workspace
from tests.builders import make_run


@pytest.fixture
def room(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> ClassFolder:
    monkeypatch.setattr(engine_process, "detach", lambda *given, log: None)
    ws.root.mkdir()
    return folder_in(ws.root)


def photo(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (32, 32, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def brought(room: ClassFolder, collection: Collection, name: str, seed: int) -> Contributor:
    giver = collecting.take_in(room, collection, name)
    for number, label in enumerate(collection.classes or ("", "")):
        collecting.receive(room, collection, giver, label, photo(10 * seed + number))
    return giver


def read(room: ClassFolder, token: str) -> Collection:
    """Accept all that waits, and read it here."""
    collection = collecting.of_token(room, token)
    keys = {one.key for one in collecting.waiting(room, collection)}
    begun = accepting.accept(room, token, keys)
    assert collecting.waiting(room, begun) == []
    requests.run(room.teacher, begun.ingest_id)
    settled, state = accepting.settle(room, token)
    assert state.stage is IngestStage.DONE
    return settled


def killed_backup(ws: Workspace) -> None:
    """Leave what a backup has left that was killed: a second name of every file."""
    for unit in list(contents.units(ws.root)):
        moments.hold(ws.root, unit, leftovers.links_of(ws))


def test_a_contributor_is_a_group_of_the_split_over_all_classes(room):
    birds = collecting.begin(room, "birds", ("robin", "wren"))
    givers = [brought(room, birds, f"giver {seed}", seed) for seed in range(5)]

    birds = read(room, birds.token)

    images = datasets.images(room.teacher, birds.dataset_id)
    assert datasets.get(room.teacher, birds.dataset_id).name == "birds"
    assert {image.label for image in images} == {"robin", "wren"}
    assert len(images) == 10
    for giver in givers:
        theirs = [image for image in images if image.file.startswith(giver.code)]
        assert len(theirs) == 2
        assert len({image.split for image in theirs}) == 1
        assert len({image.group for image in theirs}) == 1

    brought(room, birds, "late", 77)
    assert read(room, birds.token).dataset_id == birds.dataset_id
    assert datasets.latest(room.teacher, birds.dataset_id).num_images == 12


def test_where_each_contributor_is_a_class_none_is_a_group(room):
    hands = collecting.begin(room, "hands", ())
    for seed, name in enumerate(("Ada", "Ben")):
        giver = collecting.take_in(room, hands, name)
        for number in range(4):
            collecting.receive(room, hands, giver, "", photo(100 * seed + number))

    hands = read(room, hands.token)

    images = datasets.images(room.teacher, hands.dataset_id)
    assert {image.label for image in images} == {"Ada", "Ben"}
    assert all(len({i.split for i in images if i.label == name}) > 1 for name in ("Ada", "Ben"))


def test_one_reading_at_a_time_and_photos_of_one_that_failed_wait_again(room):
    birds = collecting.begin(room, "birds", ("robin", "wren"))
    brought(room, birds, "Ada", 1)
    keys = {one.key for one in collecting.waiting(room, birds)}
    begun = accepting.accept(room, birds.token, keys)

    with pytest.raises(UserError, match="being read"):
        accepting.accept(room, birds.token, keys)
    requests.discard(room.teacher, begun.ingest_id)

    birds, _ = accepting.settle(room, birds.token)
    assert len(collecting.waiting(room, birds)) == 2
    with pytest.raises(UserError, match="No photo"):
        accepting.accept(room, birds.token, set())


def test_who_is_removed_is_in_no_copy_anywhere(room, ws):
    birds = collecting.begin(room, "birds", ("robin", "wren"))
    ada, *_ = (brought(room, birds, name, seed) for seed, name in enumerate(("Ada", "Ben", "Cyd")))
    birds = read(room, birds.token)
    name = birds.dataset_id
    pupils = [room.workspace(people.join(room, nick).id) for nick in ("P", "Q")]
    handing.hand_out(room, name)
    put(pupils[1], TrashKind.DATASET, name)
    hers = [i for i in datasets.images(ws, name) if i.file.startswith(ada.code)]
    curation.exclude(ws, name, [f"{hers[0].content}:{hers[0].file}"])
    datasets.thumbnail(ws, name, hers[0].content)
    collecting.receive(room, birds, ada, "robin", photo(999))
    (ws.cache / "network" / "rows").mkdir(parents=True, exist_ok=True)
    killed_backup(ws)
    shutil.copytree(ws.dataset(name).path, pupils[0].staging / "handed-0123")  # cut off, too

    forgetting.remove(room, birds, ada)

    contents = {image.content for image in hers}
    left = [path for path in ws.root.rglob("*") if path.stem in contents or ada.code in str(path)]
    assert left == []
    texts = [p for p in ws.root.rglob("*.json*") if ada.code in p.read_text(encoding="utf-8")]
    assert [p for p in texts if "staging" not in p.parts] == []
    assert not (ws.cache / "network").exists()
    for version in datasets.version_numbers(ws, name):
        dataset = datasets.get(ws, name, version)
        assert dataset.num_images == len(datasets.images(ws, name, version)) == 4
    assert len(datasets.images(pupils[0], name)) == 4
    assert all(
        ada.code not in r.file for r in files.read_records(ws.dataset(name).report, FileReport)
    )
    assert [one.name for one in collecting.contributors(room, birds)] == ["Ben", "Cyd"]


def test_no_average_of_few_pictures_and_no_features_of_who_is_removed_are_left(room, ws):
    birds = collecting.begin(room, "birds", ("robin", "wren"))
    ada, *_ = (brought(room, birds, name, seed) for seed, name in enumerate(("Ada", "Ben")))
    birds = read(room, birds.token)
    pupil = room.workspace(people.join(room, "P").id)
    handing.hand_out(room, birds.dataset_id)
    own, trashed, other = (
        make_run(space, config=TrainConfig(dataset_id=name, epochs=1))
        for space, name in ((pupil, birds.dataset_id), (ws, birds.dataset_id), (ws, "other"))
    )
    for run in (folders := [pupil.run(own), ws.run(trashed), ws.run(other)]):
        run.class_picture(0).parent.mkdir()
        for path in (run.class_picture(0), run.features, run.map):
            path.write_bytes(b"what pictures look like")
    put(ws, TrashKind.RUN, trashed)
    shutil.rmtree(pupil.dataset(birds.dataset_id).path)  # deleted for good: its run is still there

    forgetting.remove(room, birds, ada)

    left = [p for p in ws.root.rglob("*") if p.is_file() and p.read_bytes().startswith(b"what p")]
    assert {path.parent for path in left} == {folders[2].path, folders[2].class_picture(0).parent}
    assert folders[0].model.exists()


def test_a_data_set_of_one_who_is_removed_is_gone(room, ws):
    birds = collecting.begin(room, "birds", ("robin", "wren"))
    ada = brought(room, birds, "Ada", 1)
    birds = read(room, birds.token)

    forgetting.remove(room, birds, ada)

    assert datasets.ids(ws) == []
    assert accepting.settle(room, birds.token)[0].dataset_id == ""


def test_nothing_is_left_of_a_photo_that_arrives_while_its_contributor_is_removed(room):
    birds = collecting.begin(room, "birds", ("robin", "wren"))
    ada = brought(room, birds, "Ada", 1)
    forgetting.remove(room, birds, ada)

    assert not collecting.receive(room, birds, ada, "robin", photo(2))  # was under way before

    assert list(room.collection(birds.token).waiting.iterdir()) == []


def test_whose_photos_are_being_accepted_is_removed_before_or_after_but_not_meanwhile(
    room, monkeypatch
):
    birds = collecting.begin(room, "birds", ("robin", "wren"))
    ada = brought(room, birds, "Ada", 1)
    keys = {one.key for one in collecting.waiting(room, birds)}

    def remove_meanwhile(*given: object) -> object:
        with pytest.raises(UserError, match="being read"):
            forgetting.remove(room, birds, ada)
        return stage(*given)

    stage = accepting._stage
    monkeypatch.setattr(accepting, "_stage", remove_meanwhile)
    begun = accepting.accept(room, birds.token, keys)
    assert collecting.contributors(room, birds) == [ada]

    requests.discard(room.teacher, begun.ingest_id)
    forgetting.remove(room, birds, ada)
    with pytest.raises(UserError, match="No photo"):
        accepting.accept(room, birds.token, keys)
    assert not accepting.settle(room, birds.token)[0].ingest_id


def test_photos_that_could_not_be_copied_wait_again(room, monkeypatch):
    birds = collecting.begin(room, "birds", ("robin", "wren"))
    brought(room, birds, "Ada", 1)
    keys = {one.key for one in collecting.waiting(room, birds)}

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(accepting, "_stage", full)
    with pytest.raises(UserError):
        accepting.accept(room, birds.token, keys)

    birds, _ = accepting.settle(room, birds.token)
    assert {one.key for one in collecting.waiting(room, birds)} == keys
