"""What a run learns from is there, or it is said what is missing."""

import pytest

from core import datasets
from core.datasets import curation, versions
from core.engine.training import training_data
from core.errors import UserError
from core.models import presets
from core.records import Dataset, ImageRecord, Split
from core.workspace import Workspace
from tests import builders

pytestmark = pytest.mark.engine


def without(ws: Workspace, dataset: Dataset, unwanted) -> Dataset:
    images = datasets.images(ws, dataset.id)
    return curation.exclude(ws, dataset.id, [versions.key(i) for i in images if unwanted(i)])


def gathered(ws: Workspace, dataset: Dataset) -> training_data.TrainingData:
    return training_data.read(
        ws, presets.configure(dataset.id, preset="quick", dataset_version=dataset.version)
    )


@pytest.fixture
def dataset(ws: Workspace) -> Dataset:
    return builders.make_dataset(ws, num=30, classes=("red", "green", "blue"))


@pytest.mark.parametrize("part", [Split.TRAIN, Split.VALIDATION])
def test_a_part_without_images_is_refused_with_a_sentence(
    ws: Workspace, dataset: Dataset, part: Split
):
    left = without(ws, dataset, lambda image: image.split is part)

    with pytest.raises(UserError, match="No image is left"):
        gathered(ws, left)


@pytest.mark.parametrize("lost", [{Split.TRAIN}, {Split.TRAIN, Split.VALIDATION}])
def test_a_class_that_cannot_be_learned_is_named(ws: Workspace, dataset: Dataset, lost: set):
    def red(image: ImageRecord) -> bool:
        return image.label == "red" and image.split in lost

    left = without(ws, dataset, red)

    assert "1 class has no images to learn from: red." in map(str, gathered(ws, left).warnings)
    assert not any("to learn from" in str(w) for w in gathered(ws, dataset).warnings)


def test_the_test_part_stays_closed(ws: Workspace, dataset: Dataset):
    data = gathered(ws, dataset)
    used = {content for part in (data.train, data.validation) for content, _ in part.images}

    assert used == {i.content for i in datasets.images(ws, dataset.id) if i.split is not Split.TEST}


def test_outputs_keep_the_order_of_the_version_that_a_run_learns_from(ws: Workspace):
    old = builders.make_dataset(ws, num=10, classes=("1", "2", "10"))  # sorted as letters are
    new = without(ws, old, lambda image: image.file == "1/0.png")

    assert [entry.name for entry in old.listed] == ["1", "2", "10"]
    assert gathered(ws, old).labels == ("1", "10", "2")
    assert gathered(ws, new).labels == ("1", "2", "10")
