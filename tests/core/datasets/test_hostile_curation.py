"""Curation by somebody who does not mean well, or has two tabs open."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from core import datasets
from core.datasets import curation, versions
from core.errors import UserError
from core.ingest import requests
from core.insights import searches
from core.records import Dataset, Split
from core.records.imports import Options
from core.workspace import Workspace
from tests import builders
from tests.core.ingest.test_requests import classes, many, put


@pytest.fixture
def dataset(ws: Workspace) -> Dataset:
    return builders.make_dataset(ws, num=8, classes=("red", "green", "blue"))


def newest(ws: Workspace, dataset: Dataset) -> tuple:
    return datasets.images(ws, dataset.id, datasets.latest(ws, dataset.id).version)


@pytest.mark.parametrize("name", ["", "  ", "\u200d", " \u200b\u2060 ", "\u200c\u200d", "\u0301"])
def test_a_class_gets_no_name_that_cannot_be_seen(
    ws: Workspace, dataset: Dataset, name: str
) -> None:
    for change in (
        lambda: curation.rename_class(ws, dataset.id, "red", name),
        lambda: curation.merge_classes(ws, dataset.id, ["red", "blue"], name),
        lambda: curation.relabel(ws, dataset.id, [versions.key(newest(ws, dataset)[0])], name),
    ):
        with pytest.raises(UserError, match="empty"):
            change()
    assert datasets.version_numbers(ws, dataset.id) == [0]


@pytest.mark.parametrize(
    "name", ["👩‍👩‍👧", "**bold** [x](http://e)", "../../etc", "红", "a\nb", "-1"]
)
def test_any_name_that_can_be_seen_is_just_a_name(
    ws: Workspace, dataset: Dataset, name: str
) -> None:
    found = curation.rename_class(ws, dataset.id, "red", name)

    assert sum(classes(found).values()) == 24
    [label] = classes(found).keys() - {"green", "blue"}
    assert label == " ".join(name.split())
    assert label in str(versions.history(ws, dataset.id)[-1][1].what)


def test_a_name_of_a_million_letters_is_cut_wherever_it_is_kept(
    ws: Workspace, dataset: Dataset
) -> None:
    name = "x" * 10**6

    curation.rename_class(ws, dataset.id, "red", name)
    curation.merge_classes(ws, dataset.id, ["green", "blue"], name + "y")
    curation.undo(ws, dataset.id)
    curation.relabel(ws, dataset.id, [versions.key(newest(ws, dataset)[-1])], "z" + name)

    assert max(len(label) for label in classes(datasets.latest(ws, dataset.id))) <= 200
    assert all(len(str(edit.what)) < 1000 for _, edit in versions.history(ws, dataset.id))


def test_all_classes_merged_to_one_can_be_searched_only_with_a_reason_and_taken_back(
    ws: Workspace, dataset: Dataset
) -> None:
    merged = curation.merge_classes(ws, dataset.id, ["red", "green", "blue"], "all")
    assert classes(merged) == {"all": 24}
    with pytest.raises(UserError, match="at least 2 classes"):
        datasets.check_trainable(merged)

    searches.run(ws, dataset.id, lambda config: datasets.check_trainable(merged) and 0)

    search = searches.state(ws, dataset.id)
    assert search is not None
    assert search.error is not None
    assert "at least 2 classes" in str(search.error.expected)
    assert classes(curation.undo(ws, dataset.id)) == classes(dataset)


def test_the_last_image_cannot_be_left_out(ws: Workspace, dataset: Dataset) -> None:
    curation.exclude_class(ws, dataset.id, "red")
    curation.exclude_class(ws, dataset.id, "green")

    with pytest.raises(UserError, match="leave no image"):
        curation.exclude(ws, dataset.id, [versions.key(i) for i in newest(ws, dataset)])

    assert classes(datasets.latest(ws, dataset.id)) == {"blue": 8}


def test_two_tabs_that_curate_at_once_lose_nothing(ws: Workspace, dataset: Dataset) -> None:
    images = [image for image in newest(ws, dataset) if image.label != "blue"]

    def leave_out(index: int) -> int:
        return curation.exclude(ws, dataset.id, [versions.key(images[index])]).version

    with ThreadPoolExecutor(6) as tabs:
        made = list(tabs.map(leave_out, range(12)))

    assert sorted(made) == list(range(1, 13))
    assert datasets.latest(ws, dataset.id).num_images == 12
    for _ in range(12):
        curation.undo(ws, dataset.id)
    assert newest(ws, dataset) == datasets.images(ws, dataset.id)


def test_a_test_image_that_is_relabelled_stays_closed(ws: Workspace, dataset: Dataset) -> None:
    closed = next(i for i in newest(ws, dataset) if i.split is Split.TEST and i.label == "red")

    curation.relabel(ws, dataset.id, [versions.key(closed)], "green")

    after = {versions.key(image): image for image in newest(ws, dataset)}[versions.key(closed)]
    assert (after.label, after.split) == ("green", Split.TEST)


def test_copies_of_test_images_that_are_added_to_another_class_join_the_test_part(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "a", *many("cats", 12), *many("dogs", 12))
    first = requests.run(ws, requests.begin(ws), source=folder)
    closed = [i for i in datasets.images(ws, first.id) if i.split is Split.TEST]
    more = tmp_path / "b" / "eels"
    more.mkdir(parents=True)
    for index, image in enumerate(closed):
        photo = Image.open(folder / image.file).convert("RGB")
        width, height = photo.size
        photo.crop((2, 2, width - 2, height - 2)).save(more / f"{index}.jpg", quality=50)

    found = requests.run(
        ws, requests.begin(ws), source=more.parent, options=Options(dataset_id=first.id)
    )

    added = [i for i in datasets.images(ws, first.id, found.version) if i.label == "eels"]
    assert len(added) == len(closed) >= 2
    assert {image.split for image in added} == {Split.TEST}


def test_the_same_file_in_two_classes_is_two_images(ws: Workspace, tmp_path: Path) -> None:
    first = requests.run(
        ws, requests.begin(ws), source=put(tmp_path / "a", *many("cats", 6), *many("dogs", 6))
    )
    one = put(tmp_path / "b", "twin.png", first=900)
    for label in ("cats", "dogs"):
        options = Options(dataset_id=first.id, label=label)
        requests.run(ws, requests.begin(ws), source=one, options=options)
    before = datasets.latest(ws, first.id)
    cat = next(i for i in newest(ws, first) if i.label == "cats" and "twin" in i.file)

    after = curation.exclude(ws, first.id, [versions.key(cat)])

    assert classes(before) == {"cats": 7, "dogs": 7}
    assert classes(after) == {"cats": 6, "dogs": 7}
