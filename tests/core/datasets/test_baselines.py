"""What a score has to beat is computed once for the images, and named image by image."""

from dataclasses import replace

import numpy as np

from core import datasets
from core.datasets import baselines
from core.records import Split, TrainConfig
from core.records.training import TRAIN_ON
from core.workspace import Workspace
from tests import builders

CONFIG = TrainConfig(dataset_id="")


def test_colours_are_told_by_colour_and_by_like_pixels_and_not_by_the_largest_class(ws: Workspace):
    dataset = builders.make_dataset(ws, num=20)
    config = replace(CONFIG, dataset_id=dataset.id)

    found = baselines.of_part(ws, config)

    assert found is not None
    parts = {i.content: i.split for i in datasets.images(ws, dataset.id)}
    assert {parts[content] for content in found.contents} == {Split.VALIDATION}
    assert [found.colour.accuracy.accuracy, found.nearest_pixels.accuracy.accuracy] == [1.0, 1.0]
    assert found.majority.accuracy.accuracy == 0.5
    assert found.colour.accuracy.images == len(found.contents) == 6
    assert np.mean(found.majority.right) == 0.5


def test_the_next_run_of_the_same_images_finds_them(ws: Workspace):
    dataset = builders.make_dataset(ws, num=20, classes=("red", "green", "blue"))
    config = replace(CONFIG, dataset_id=dataset.id)
    first = baselines.of_part(ws, config)
    for copy in ws.dataset(dataset.id).images.rglob("*.png"):
        copy.unlink()

    assert baselines.of_part(ws, replace(config, backbone="MobileNetV2")) == first
    assert baselines.known(ws, replace(config, left_out=("red",))) is None


def test_a_run_that_learns_from_validation_has_none(ws: Workspace):
    dataset = builders.make_dataset(ws)

    config = replace(CONFIG, dataset_id=dataset.id, train_on=TRAIN_ON[1])
    assert baselines.of_part(ws, config) is None


def test_the_test_part_has_its_own_from_what_the_run_learned_from(ws: Workspace):
    dataset = builders.make_dataset(ws, num=20)
    config = replace(CONFIG, dataset_id=dataset.id)
    refit = replace(config, train_on=TRAIN_ON[1])
    parts = {i.content: i.split for i in datasets.images(ws, dataset.id)}

    for one in (config, refit):
        found = baselines.of_part(ws, one, Split.TEST)
        assert found is not None
        assert {parts[content] for content in found.contents} == {Split.TEST}
        assert baselines.known(ws, one, Split.TEST) == found

    assert baselines.known(ws, config) is None
    assert len([*ws.dataset(dataset.id).baselines.iterdir()]) == 2


def test_a_damaged_file_is_none(ws: Workspace):
    dataset = builders.make_dataset(ws, num=20)
    config = replace(CONFIG, dataset_id=dataset.id)
    first = baselines.of_part(ws, config)
    [path] = ws.dataset(dataset.id).baselines.iterdir()
    path.write_text(path.read_text()[:50])

    assert baselines.known(ws, config) is None
    assert baselines.of_part(ws, config) == first
