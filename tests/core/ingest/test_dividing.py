"""What an ingest puts on which side of the split."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from core import datasets
from core.errors import UserError
from core.records import Split
from core.records.imports import Options
from core.workspace import Workspace
from tests.core.ingest.folders import classes, ingest, many, put, scene


def test_the_same_photo_in_two_classes_stays_on_one_side_and_is_told(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "photos", *many("cats", 10), *many("dogs", 10))
    # the numbers start again, so each dog is a cat
    for n in range(10):
        scene(n + 50).save(folder / "dogs" / f"{n}.png")
    shutil.copy(folder / "cats" / "3.png", folder / "dogs" / "again.png")

    dataset = ingest(ws, folder)

    images = datasets.images(ws, dataset.id)
    twins = [i for i in images if i.file in ("cats/3.png", "dogs/again.png")]
    assert len({i.content for i in twins}) == len({i.group for i in twins}) == 1
    assert len({i.split for i in twins}) == 1
    assert "cats, dogs (1 photo)" in str(dataset.warnings[0])
    note = next(r for r in datasets.report(ws, dataset.id) if r.file == "dogs/again.png")
    assert "cats/3.png" in str(note.changes[-1])


def test_bursts_of_the_webcam_stay_on_one_side(ws: Workspace, tmp_path: Path) -> None:
    frames = [f"cats/cam_17{burst}_{n}.png" for burst in range(6) for n in range(5)]

    dataset = ingest(ws, put(tmp_path / "photos", *frames, *many("dogs", 4)))

    sides: dict[str, set[Split]] = {}
    for image in datasets.images(ws, dataset.id):
        if image.label == "cats":
            sides.setdefault(image.file[:12], set()).add(image.split)
    assert len(sides) == 6
    assert all(len(found) == 1 for found in sides.values())
    assert set.union(*sides.values()) == set(Split)


def test_a_class_of_one_burst_is_not_cut_but_warned_about(ws: Workspace, tmp_path: Path) -> None:
    frames = [f"cats/cam_17_{n}.png" for n in range(9)]

    dataset = ingest(ws, put(tmp_path / "photos", *frames, *many("dogs", 9)))

    sides = {i.split for i in datasets.images(ws, dataset.id) if i.label == "cats"}
    assert sides == {Split.TRAIN}
    assert "to be tested fairly: cats" in " ".join(map(str, dataset.warnings))


def test_where_every_class_is_one_burst_it_is_divided_in_order_and_said(
    ws: Workspace, tmp_path: Path
) -> None:
    frames = [f"{label}/cam_{label}_{n}.png" for label in ("cats", "dogs") for n in range(21)]

    dataset = ingest(ws, put(tmp_path / "photos", *frames))

    images = datasets.images(ws, dataset.id)
    assert {(i.label, i.split) for i in images} == {(k, s) for k in ("cats", "dogs") for s in Split}
    assert "better than they are" in " ".join(map(str, dataset.warnings))
    for image in images:
        number = int(image.file.rpartition("_")[2].removesuffix(".png"))
        mates = [i for i in images if i.group == image.group]
        assert {i.split for i in mates} == {image.split}
        assert f"{image.label}/cam_{image.label}_{number // 3 * 3}.png" in [i.file for i in mates]


def test_in_a_given_split_copies_of_what_is_judged_with_are_set_aside_and_named(
    ws: Workspace, tmp_path: Path
) -> None:
    names = [f"{part}/{k}/{n}.png" for part in ("train", "val", "test") for k in "ab" for n in "12"]
    folder = put(tmp_path / "photos", *names)
    shutil.copy(folder / "train/a/1.png", folder / "test/a/copy.png")
    shutil.copy(folder / "val/b/1.png", folder / "test/b/copy.png")
    Image.open(folder / "val/a/2.png").convert("RGB").save(folder / "train/a/again.jpg", quality=80)
    shutil.copy(folder / "train/a/2.png", folder / "train/a/twin.png")

    dataset = ingest(ws, folder)

    files = {i.file: i.split for i in datasets.images(ws, dataset.id)}
    asked = {file: Split(file.split("/")[0].replace("val", "validation")) for file in files}
    assert files == asked
    assert files.keys() >= {"test/a/copy.png", "test/b/copy.png", "val/a/2.png", "train/a/twin.png"}
    aside = {r.file: str(r.reason) for r in datasets.report(ws, dataset.id) if r.reason}
    assert aside == {
        "train/a/1.png": "Set aside: it is the test image test/a/copy.png, or nearly.",
        "val/b/1.png": "Set aside: it is the test image test/b/copy.png, or nearly.",
        "train/a/again.jpg": "Set aside: it is the validation image val/a/2.png, or nearly.",
    }
    assert "3 images were set aside" in " ".join(map(str, dataset.warnings))


def test_a_class_that_lost_all_its_training_images_is_named(ws: Workspace, tmp_path: Path) -> None:
    names = [f"{part}/{k}/{n}.png" for part in ("train", "val") for k in "abc" for n in "123"]
    folder = put(tmp_path / "photos", *names)
    shutil.rmtree(folder / "train" / "b")
    shutil.rmtree(folder / "train" / "c")
    shutil.copytree(folder / "val" / "c", folder / "train" / "c")

    dataset = ingest(ws, folder)

    said = [str(warning) for warning in dataset.warnings]
    assert "2 classes have no images to learn from: b, c." in said
    assert not any("tested fairly" in text for text in said)


def test_a_test_part_that_is_the_training_part_is_refused(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", *(f"train/{k}/{n}.png" for k in "ab" for n in "12"))
    shutil.copytree(folder / "train", folder / "test")

    with pytest.raises(UserError, match="All 4 images for training are also there"):
        ingest(ws, folder)


def test_a_copy_added_later_goes_where_the_known_photo_is(ws: Workspace, tmp_path: Path) -> None:
    dataset = ingest(ws, put(tmp_path / "photos", *many("a", 20), *many("b", 20)))
    known = {i.split: i.file for i in datasets.images(ws, dataset.id)}
    for part, source in (("train", Split.TEST), ("test", Split.TRAIN)):
        target = tmp_path / "more" / part / "a" / f"{source.value}.jpg"
        target.parent.mkdir(parents=True)
        picture = Image.open(tmp_path / "photos" / known[source]).convert("RGB")
        picture.save(target, quality=80)
    put(tmp_path / "more", "train/b/new.png", "test/b/new.png", first=90)

    ingest(ws, tmp_path / "more", Options(dataset_id=dataset.id))

    newest = datasets.latest(ws, dataset.id)
    files = {i.file: i.split for i in datasets.images(ws, dataset.id, newest.version)}
    assert files["train/a/test.jpg"] is Split.TEST
    assert files["test/a/train.jpg"] is Split.TRAIN
    assert files["train/b/new.png"] is Split.TRAIN
    assert files["test/b/new.png"] is Split.TEST


def test_a_given_split_is_respected(ws: Workspace, tmp_path: Path) -> None:
    names = [
        f"{part}/{k}/{n}.png" for part in ("train", "valid", "Test") for k in "ab" for n in "12"
    ]

    dataset = ingest(ws, put(tmp_path / "photos", *names))

    assert classes(dataset) == {"a": 6, "b": 6}
    for image in datasets.images(ws, dataset.id):
        assert image.split.value.startswith(image.file.split("/")[0].lower()[:3])


def test_a_given_test_part_is_kept_and_validation_is_taken_from_training(
    ws: Workspace, tmp_path: Path
) -> None:
    train = [f"train/{k}/{n}.png" for k in "ab" for n in range(10)]
    names = [*train, *(f"test/{k}/{n}.png" for k in "ab" for n in range(4))]

    dataset = ingest(ws, put(tmp_path / "photos", *names))

    parts = Counter((i.file.split("/")[0], i.split) for i in datasets.images(ws, dataset.id))
    assert parts["test", Split.TEST] == 8
    assert parts["train", Split.VALIDATION] >= 2
    assert parts["train", Split.TEST] == 0


def test_one_burst_a_class_is_divided_and_it_is_told(ws: Workspace, tmp_path: Path) -> None:
    frames = [f"{label}/cam_17{label}_{n}.png" for label in ("cats", "dogs") for n in range(10)]

    dataset = ingest(ws, put(tmp_path / "photos", *frames))

    assert {image.split for image in datasets.images(ws, dataset.id)} == set(Split)
    assert any("the series had to be divided" in str(w) for w in dataset.warnings)


def test_images_that_are_all_the_same_cannot_be_divided_and_it_is_told(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "photos", "cats/0.png", "dogs/0.png")
    for name in (*many("cats", 6), *many("dogs", 6)):
        scene(0).save(folder / name)

    dataset = ingest(ws, folder)

    told = [str(warning) for warning in dataset.warnings]
    assert any("none of them can validate" in warning for warning in told)
    assert not any("had to be divided" in warning for warning in told)


def test_pictures_in_hidden_folders_are_left_out_and_it_is_told(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "photos", *many("cats", 4), *many("dogs", 4), *many(".owls", 3))
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("nothing to look at")

    dataset = ingest(ws, folder)

    told = [str(warning) for warning in dataset.warnings if "hidden" in str(warning)]
    assert [t.startswith("3 pictures in the hidden folder '.owls'") for t in told] == [True]


def test_what_belongs_to_known_images_goes_where_they_are_and_it_is_told(
    ws: Workspace, tmp_path: Path
) -> None:
    def brought(name: str, files: list[str], first: int) -> Path:
        rows = [f"{file},{file[-7:-6]}" for file in files]  # the patient is in the list alone
        folder = put(tmp_path / name, *files, first=first)
        (folder / "list.csv").write_text("\n".join(["file,patient", *rows]))
        return folder

    groups = [(f"{'ab'[g % 2]}", g) for g in range(8)]
    old = [f"{c}/{g}x{i}.png" for c, g in groups for i in (1, 2)]
    new = [f"{part}/{c}/{g}x{i}.png" for part, i in (("train", 3), ("test", 4)) for c, g in groups]
    dataset = ingest(ws, brought("old", old, 0), Options(group_by="column:patient"))

    more = put(brought("new", new, 90), "train/a/unlisted.png", first=130)
    ingest(ws, more, Options(dataset_id=dataset.id))

    newest = datasets.latest(ws, dataset.id)
    images = datasets.images(ws, dataset.id, newest.version)
    sides: dict[str, set[Split]] = {}
    for image in images:
        sides.setdefault(image.group_key or image.file, set()).add(image.split)
    assert len(images) == 33
    assert len(sides) == 9
    assert all(len(found) == 1 for found in sides.values())
    moved = [r for r in datasets.report(ws, dataset.id) if "into another part" in str(r.changes)]
    assert moved
    assert [str(w) for w in newest.warnings if "say" in str(w)] == [
        "Images with the same 'patient' stay together, but 1 of the new images says nothing of it."
    ]
