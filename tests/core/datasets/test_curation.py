"""Curation makes versions, touches no original, and can be taken back."""

from pathlib import Path

import pytest

from core import datasets, files
from core.datasets import curation, duplicates, versions
from core.errors import UserError
from core.ingest import requests
from core.records import Dataset, Split
from core.records.imports import Options
from core.workspace import Workspace
from tests import builders
from tests.core.ingest.test_requests import classes, many, put, scene


@pytest.fixture
def dataset(ws: Workspace) -> Dataset:
    return builders.make_dataset(ws, num=8, classes=("red", "green", "blue"))


def keys(ws: Workspace, dataset: Dataset, label: str, count: int) -> list[str]:
    images = datasets.images(ws, dataset.id, datasets.latest(ws, dataset.id).version)
    return [versions.key(image) for image in images if image.label == label][:count]


def test_excluding_makes_a_version_and_leaves_the_first_as_it_was(
    ws: Workspace, dataset: Dataset
) -> None:
    before = datasets.images(ws, dataset.id)

    found = curation.exclude(ws, dataset.id, keys(ws, dataset, "red", 3))

    assert found.version == 1
    assert classes(found)["red"] == 5
    assert datasets.latest(ws, dataset.id) == found
    assert datasets.get(ws, dataset.id, 0) == dataset
    assert datasets.images(ws, dataset.id, 0) == before
    assert len(datasets.images(ws, dataset.id, 1)) == found.num_images == 21
    assert all(datasets.image_path(ws, dataset.id, image).exists() for image in before)


def test_what_is_wrong_with_the_split_is_still_said_after_a_change(
    ws: Workspace, dataset: Dataset
) -> None:
    unseen = [i for i in datasets.images(ws, dataset.id) if i.split is not Split.TRAIN]
    learned = [i for i in datasets.images(ws, dataset.id) if i.split is Split.TRAIN]
    red = [versions.key(i) for i in learned if i.label == "red"]
    said = "1 class has no images to learn from: red."

    first = curation.exclude(ws, dataset.id, red)
    second = curation.exclude(ws, dataset.id, [versions.key(unseen[0])])

    assert said in map(str, first.warnings)
    assert said in map(str, second.warnings)


def test_relabelling_keeps_the_side_of_the_split(ws: Workspace, dataset: Dataset) -> None:
    chosen = keys(ws, dataset, "red", 8)
    before = {versions.key(i): i.split for i in datasets.images(ws, dataset.id)}

    found = curation.relabel(ws, dataset.id, chosen, "GREEN")

    assert classes(found) == {"blue": 8, "green": 16}
    after = {versions.key(i): i.split for i in datasets.images(ws, dataset.id, 1)}
    assert after == before


def test_classes_are_renamed_and_merged(ws: Workspace, dataset: Dataset) -> None:
    renamed = curation.rename_class(ws, dataset.id, "red", " rouge ")
    merged = curation.merge_classes(ws, dataset.id, ["rouge", "blue"], "cold or warm")

    assert classes(renamed) == {"blue": 8, "green": 8, "rouge": 8}
    assert classes(merged) == {"cold or warm": 16, "green": 8}
    assert merged.fingerprint != renamed.fingerprint != dataset.fingerprint


def test_a_whole_class_is_excluded(ws: Workspace, dataset: Dataset) -> None:
    assert classes(curation.exclude_class(ws, dataset.id, "red")) == {"blue": 8, "green": 8}


def test_changes_are_taken_back_one_by_one(ws: Workspace, dataset: Dataset) -> None:
    assert versions.latest_edit(ws, dataset.id) is None
    first = curation.exclude(ws, dataset.id, keys(ws, dataset, "red", 1))
    curation.rename_class(ws, dataset.id, "red", "rouge")

    once = curation.undo(ws, dataset.id)
    twice = curation.undo(ws, dataset.id)

    assert once.fingerprint == first.fingerprint
    assert classes(twice) == classes(dataset)
    assert [number for number, _ in versions.history(ws, dataset.id)] == [1, 2, 3, 4]
    with pytest.raises(UserError, match="nothing to take back"):
        curation.undo(ws, dataset.id)


def test_after_taking_back_another_change_can_be_made_and_taken_back(
    ws: Workspace, dataset: Dataset
) -> None:
    curation.exclude_class(ws, dataset.id, "red")
    curation.undo(ws, dataset.id)
    curation.exclude_class(ws, dataset.id, "blue")

    assert classes(curation.undo(ws, dataset.id)) == classes(dataset)


def test_a_kept_label_is_remembered_until_the_image_gets_another(
    ws: Workspace, dataset: Dataset
) -> None:
    first, second = keys(ws, dataset, "red", 2)

    curation.keep(ws, dataset.id, [first, second])
    found = curation.relabel(ws, dataset.id, [first], "green")

    confirmed = [i for i in datasets.images(ws, dataset.id, found.version) if i.confirmed]
    assert [versions.key(image) for image in confirmed] == [second]
    (_, keeping), _ = versions.history(ws, dataset.id)
    assert str(keeping.what) == "2 labels that looked wrong were kept."
    with pytest.raises(UserError, match="change nothing"):
        curation.keep(ws, dataset.id, [second])


def test_a_finding_is_settled_until_it_is_taken_back(ws: Workspace, dataset: Dataset) -> None:
    chosen = versions.key(datasets.images(ws, dataset.id)[0])

    settled = curation.settle(ws, dataset.id, ["dark:x", f"blank:{chosen}"], keys=[chosen])
    later = curation.rename_class(ws, dataset.id, "red", "crimson")

    assert settled.settled == later.settled == ("dark:x", f"blank:{chosen}")
    images = datasets.images(ws, dataset.id, settled.version)
    assert [versions.key(i) for i in images if i.confirmed] == [chosen]
    assert settled.fingerprint == versions.fingerprint(datasets.images(ws, dataset.id))
    with pytest.raises(UserError, match="change nothing"):
        curation.settle(ws, dataset.id, ["dark:x"], keys=[chosen])
    curation.undo(ws, dataset.id)
    assert curation.undo(ws, dataset.id).settled == ()


def test_the_history_tells_what_was_done(ws: Workspace, dataset: Dataset) -> None:
    curation.exclude(ws, dataset.id, keys(ws, dataset, "red", 2))
    curation.undo(ws, dataset.id)

    said = [str(edit.what) for _, edit in versions.history(ws, dataset.id)]

    assert said == ["2 images were left out.", "Taken back: 2 images were left out."]


def test_each_undo_names_the_change_that_it_takes_back(ws: Workspace, dataset: Dataset) -> None:
    first, *more = keys(ws, dataset, "red", 3)
    curation.relabel(ws, dataset.id, [first], "green")
    curation.exclude_class(ws, dataset.id, "blue")
    curation.exclude(ws, dataset.id, more)
    for _ in range(2):
        curation.undo(ws, dataset.id)
    curation.rename_class(ws, dataset.id, "red", "rouge")
    for _ in range(2):
        curation.undo(ws, dataset.id)

    said = [str(edit.what) for _, edit in versions.history(ws, dataset.id)]

    assert said == [
        "1 image was moved to 'green'.",
        "The class 'blue' was left out.",
        "2 images were left out.",
        "Taken back: 2 images were left out.",
        "Taken back: The class 'blue' was left out.",
        "The class 'red' was renamed to 'rouge'.",
        "Taken back: The class 'red' was renamed to 'rouge'.",
        "Taken back: 1 image was moved to 'green'.",
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda ws, i: curation.exclude(ws, i, ["nothing"]), "newest version"),
        (lambda ws, i: curation.exclude(ws, i, []), "change nothing"),
        (lambda ws, i: curation.rename_class(ws, i, "pink", "red"), "already|no class"),
        (lambda ws, i: curation.rename_class(ws, i, "pink", "x"), "no class called 'pink'"),
        (lambda ws, i: curation.rename_class(ws, i, "red", "BLUE"), "already"),
        (lambda ws, i: curation.rename_class(ws, i, "red", " \u202e"), "empty"),
        (lambda ws, i: curation.exclude_class(ws, i, "pink"), "no class called"),
        (lambda ws, i: curation.merge_classes(ws, i, ["red"], "red"), "change nothing"),
    ],
)
def test_changes_that_make_no_sense_are_refused(
    ws: Workspace, dataset: Dataset, change: object, reason: str
) -> None:
    with pytest.raises(UserError, match=reason):
        change(ws, dataset.id)  # type: ignore[operator]
    assert datasets.version_numbers(ws, dataset.id) == [0]


def test_a_listing_without_its_record_is_no_version(ws: Workspace, dataset: Dataset) -> None:
    folder = ws.dataset(dataset.id)
    folder.versions.mkdir()
    files.write_records(folder.listing(1), datasets.images(ws, dataset.id))

    assert datasets.version_numbers(ws, dataset.id) == [0]
    assert curation.exclude_class(ws, dataset.id, "red").version == 1


def test_added_images_make_a_version_and_old_test_images_stay_test(
    ws: Workspace, tmp_path: Path
) -> None:
    first = requests.run(
        ws, requests.begin(ws), source=put(tmp_path / "a", *many("cats", 12), *many("dogs", 12))
    )
    old = datasets.images(ws, first.id)
    more = put(tmp_path / "b", *many("CATS", 10), *many("eels", 5), first=100)
    twin = next(i for i in old if i.split is Split.TEST and i.label == "cats")
    scene(int(twin.file[5:-4])).resize((60, 45)).save(more / "CATS" / "smaller_twin.png")

    dataset = requests.run(
        ws, requests.begin(ws), source=more, options=Options(dataset_id=first.id)
    )

    assert (dataset.id, dataset.version) == (first.id, 1)
    assert classes(dataset) == {"cats": 23, "dogs": 12, "eels": 5}
    images = {versions.key(i): i for i in datasets.images(ws, first.id, 1)}
    assert all(images[versions.key(i)].split is i.split for i in old)
    added = next(i for i in images.values() if i.file.endswith("smaller_twin.png"))
    assert added.split is Split.TEST
    assert all(datasets.image_path(ws, first.id, image).exists() for image in images.values())
    assert len(datasets.report(ws, first.id)) == 40
    [twins] = duplicates.groups(tuple(images.values()), duplicates.signatures(ws, first.id))
    assert twins.labels == ("cats",)
    assert classes(curation.undo(ws, first.id)) == classes(first)


def test_adding_only_what_is_there_already_is_refused(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "a", *many("cats", 4), *many("dogs", 4))
    first = requests.run(ws, requests.begin(ws), source=folder)

    with pytest.raises(UserError, match="already"):
        requests.run(ws, requests.begin(ws), source=folder, options=Options(dataset_id=first.id))

    assert datasets.version_numbers(ws, first.id) == [0]
