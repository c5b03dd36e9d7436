"""With features of the images: wrong labels, near-duplicates, and what a leak would score."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from core import datasets
from core.datasets import curation, duplicates, features, versions
from core.ingest import requests
from core.insights import label_issues, leak
from core.records import Dataset, ImageRecord, Split
from core.workspace import Workspace
from tests.core.ingest.test_requests import many, put

Vectors = dict[str, np.ndarray]


def store(ws: Workspace, dataset: Dataset, vectors: Vectors) -> None:
    path = ws.embedding(dataset.id, dataset.version)
    path.parent.mkdir(parents=True)
    np.savez(path, contents=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))


@pytest.fixture(scope="module")
def brought_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Dataset]:
    root = tmp_path_factory.mktemp("brought")
    frames = [f"{k}/cam_{k}{burst}_{n}.png" for k in "ab" for burst in range(8) for n in range(4)]
    folder = put(root / "p", *frames, *many("c", 12))
    ws = Workspace(root / "workspace")
    return ws, requests.run(ws, requests.begin(ws), source=folder)


@pytest.fixture
def dataset(brought_once: tuple[Workspace, Dataset], ws: Workspace) -> Dataset:
    """Give what was brought in to the workspace of a test."""
    shutil.copytree(brought_once[0].root, ws.root)
    return brought_once[1]


def learnable(ws: Workspace, dataset: Dataset, *, by: str) -> Vectors:
    """Make features that tell the class, or only the burst a frame is of."""
    rng = np.random.default_rng(2)
    centres: dict[str, np.ndarray] = {}
    vectors: Vectors = {}
    for image in datasets.images(ws, dataset.id):
        if image.split is not Split.TEST:
            key = image.label if by == "class" else image.group or image.file
            centre = centres.setdefault(key, rng.normal(size=32) * 3)
            vectors[image.content] = (centre + rng.normal(size=32)).astype(np.float16)
    return vectors


def with_a_wrong_label(ws: Workspace, dataset: Dataset) -> tuple[Vectors, ImageRecord, str]:
    """Make features of classes far apart, and one image that looks like another class."""
    vectors = learnable(ws, dataset, by="class")
    images = [i for i in datasets.images(ws, dataset.id) if i.content in vectors]
    by_label = {i.label: vectors[i.content] for i in images}
    near = {i.content: by_label[i.label] + (vectors[i.content] - by_label[i.label]) / 4
            for i in images}  # fmt: skip
    near[images[-1].content] = near[images[0].content] + np.float16(0.1)
    return near, images[-1], images[0].label


def test_features_are_read_back_by_content(ws: Workspace, dataset: Dataset) -> None:
    assert features.load(ws, dataset) is None
    vectors = learnable(ws, dataset, by="class")

    store(ws, dataset, vectors)
    found = features.load(ws, dataset)

    assert found is not None
    assert found.keys() == vectors.keys()


def test_a_damaged_file_of_features_counts_as_none(ws: Workspace, dataset: Dataset) -> None:
    store(ws, dataset, learnable(ws, dataset, by="class"))
    path = ws.embedding(dataset.id, 0)
    path.write_bytes(path.read_bytes()[:-100])

    assert features.load(ws, dataset) is None


def test_an_image_that_looks_like_another_class_is_a_label_issue(
    ws: Workspace, dataset: Dataset
) -> None:
    vectors, wrong, looks_like = with_a_wrong_label(ws, dataset)

    judged = label_issues.judge_labels(ws, dataset, vectors)

    assert judged is not None
    [(image, issue)] = judged.issues
    assert image == wrong
    assert judged.judge.accuracy > 0.9
    assert judged.judge.images == len(vectors)
    assert (issue.given, issue.suggested) == (wrong.label, looks_like)


def test_a_judge_no_better_than_a_guess_finds_no_label_issue(
    ws: Workspace, dataset: Dataset
) -> None:
    rng = np.random.default_rng(5)
    vectors = {i.content: rng.normal(size=32) for i in datasets.images(ws, dataset.id)}

    judged = label_issues.judge_labels(ws, dataset, vectors)

    assert judged is not None
    assert judged.issues == ()
    assert judged.judge.low < judged.judge.majority


def test_a_label_that_was_kept_is_no_issue_again_until_that_is_taken_back(
    ws: Workspace, dataset: Dataset
) -> None:
    vectors, wrong, _ = with_a_wrong_label(ws, dataset)

    def issues(dataset: Dataset) -> set[str]:
        judged = label_issues.judge_labels(ws, dataset, vectors)
        assert judged is not None
        return {image.file for image, _ in judged.issues}

    kept = curation.keep(ws, dataset.id, [versions.key(wrong)])
    assert issues(dataset) - issues(kept) == {wrong.file}

    assert issues(curation.undo(ws, dataset.id)) == issues(dataset)


def test_copies_on_both_sides_score_better_than_they_should(
    ws: Workspace, dataset: Dataset
) -> None:
    found = leak.estimate(ws, dataset, learnable(ws, dataset, by="burst"))

    assert found is not None
    assert found.leaky.accuracy > found.honest.accuracy + 0.2
    assert found.honest.images == found.leaky.images
    assert found.is_beyond_chance
    assert 0 < found.leaky.low < found.leaky.accuracy <= found.leaky.high
    points = round(100 * (found.leaky.accuracy - found.honest.accuracy), 1)
    assert f"The leak would add {points} points" in str(found.sentence)


def test_groups_that_teach_nothing_make_no_difference_beyond_chance(
    ws: Workspace, dataset: Dataset
) -> None:
    found = leak.estimate(ws, dataset, learnable(ws, dataset, by="class"))

    assert found is not None
    assert not found.is_beyond_chance
    assert "Chance alone can do that" in str(found.sentence)


def test_copies_of_one_photo_count_once_when_chance_is_judged(
    ws: Workspace, tmp_path: Path
) -> None:
    frames = [f"{k}/cam_{k}x_{n}.png" for k in "ab" for n in range(12)]
    folder = put(tmp_path / "p", *frames, *many("a", 9), *many("b", 9))
    dataset = requests.run(ws, requests.begin(ws), source=folder)
    vectors = learnable(ws, dataset, by="class")
    swapped = {"a": "b", "b": "a"}
    centre = {i.label: vectors[i.content] for i in datasets.images(ws, dataset.id) if not i.group
              and i.content in vectors}  # fmt: skip
    for image in datasets.images(ws, dataset.id):
        if image.group and image.content in vectors:  # a burst looks like the other class
            vectors[image.content] = centre[swapped[image.label]] + np.float16(0.5) * (
                vectors[image.content] - centre[image.label]
            )

    found = leak.estimate(ws, dataset, vectors)

    assert found is not None
    assert found.leaky.accuracy > found.honest.accuracy + 0.2
    assert found.better <= 4
    assert not found.is_beyond_chance


def test_features_that_hardly_differ_are_near_duplicates(ws: Workspace, dataset: Dataset) -> None:
    vectors = learnable(ws, dataset, by="class")
    images = [i for i in datasets.images(ws, dataset.id) if i.content in vectors]
    vectors[images[-1].content] = vectors[images[0].content] * np.float16(1.01)
    every, signatures = datasets.images(ws, dataset.id), duplicates.signatures(ws, dataset.id)
    assert duplicates.groups(every, signatures, features.newest(ws, dataset)) == ()

    store(ws, dataset, vectors)
    [group] = duplicates.groups(every, signatures, features.newest(ws, dataset))

    assert group.across_classes
    assert {i.file for i in group.images} == {images[0].file, images[-1].file}
