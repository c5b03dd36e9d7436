"""What a run learns from is the version it names, whatever was curated since."""

import pytest

from core.datasets import curation
from core.engine.training import training_data
from core.records import TrainConfig
from core.workspace import Workspace
from tests import builders

pytestmark = pytest.mark.engine


def test_a_run_learns_from_its_version_after_later_changes(ws: Workspace) -> None:
    dataset = builders.make_dataset(ws, num=24, classes=("blue", "green", "red"))
    curated = curation.exclude_class(ws, dataset.id, "blue")
    config = TrainConfig(dataset_id=dataset.id, dataset_version=curated.version)
    before = training_data.read(ws, config)

    curation.rename_class(ws, dataset.id, "red", "crimson")
    curation.exclude_class(ws, dataset.id, "crimson")

    after = training_data.read(ws, config)
    assert after.labels == before.labels == ("green", "red")
    assert after.dataset == before.dataset == curated
    assert after.train.images == before.train.images
