"""A run once more on the newest version of its data set: the same settings, and what is refused."""

from dataclasses import replace

import pytest

from core import datasets, runs
from core.datasets import curation, versions
from core.errors import UserError
from core.records import State, TrainConfig
from core.runs import retraining
from core.workspace import Workspace
from tests.builders import make_dataset, make_run


def test_a_clone_learns_in_the_same_way_from_the_newest_version(ws: Workspace):
    dataset = make_dataset(ws)
    config = TrainConfig(dataset_id=dataset.id, epochs=7, dropout=0.5, seed=3, cloned_from="old")
    first = make_run(ws, config=config)
    images = datasets.images(ws, dataset.id)
    curation.relabel(ws, dataset.id, [versions.key(images[0])], "green")
    curation.exclude(ws, dataset.id, [versions.key(images[1])])

    made = retraining.train_again(ws, first)

    assert runs.get(ws, made).config == replace(config, dataset_version=2, cloned_from=first)
    assert runs.state_of(ws, made).state is State.QUEUED


def test_nothing_is_trained_where_nothing_was_changed(ws: Workspace):
    make_dataset(ws)
    first = make_run(ws)

    with pytest.raises(UserError, match="Nothing was changed"):
        retraining.train_again(ws, first)

    assert runs.ids(ws) == [first]


def test_a_class_left_out_that_is_gone_is_forgotten(ws: Workspace):
    dataset = make_dataset(ws, classes=("red", "green", "blue"))
    config = TrainConfig(dataset_id=dataset.id, left_out=("blue",))
    first = make_run(ws, config=config)
    curation.exclude_class(ws, dataset.id, "blue")

    assert retraining.configuration(ws, runs.get(ws, first)).left_out == ()


def test_what_can_no_longer_be_trained_is_refused(ws: Workspace):
    dataset = make_dataset(ws)
    first, of_two = (
        make_run(ws, config=TrainConfig(dataset_id=dataset.id, output=output))
        for output in ("softmax", "sigmoid")
    )
    images = datasets.images(ws, dataset.id)
    curation.relabel(ws, dataset.id, [versions.key(i) for i in images[:4]], "blue")

    with pytest.raises(UserError, match="sigmoid"):
        retraining.train_again(ws, of_two)
    curation.exclude(ws, dataset.id, [versions.key(images[0])])
    with pytest.raises(UserError, match="has 3 images"):
        retraining.train_again(ws, first)


def test_whether_the_data_changed_is_known_also_of_a_data_set_that_is_gone(ws: Workspace):
    dataset = make_dataset(ws)
    config = TrainConfig(dataset_id=dataset.id)
    assert not retraining.has_changed(ws, config)

    curation.exclude(ws, dataset.id, [versions.key(datasets.images(ws, dataset.id)[0])])

    assert retraining.has_changed(ws, config)
    datasets.delete(ws, dataset.id)
    assert not retraining.has_changed(ws, config)


def test_a_run_from_before_is_that_of_an_earlier_version_of_the_same_data(ws: Workspace):
    dataset, other = make_dataset(ws), make_dataset(ws, name="others")
    first = make_run(ws, config=TrainConfig(dataset_id=dataset.id))
    config = TrainConfig(dataset_id=dataset.id, dataset_version=1, cloned_from=first)

    found = retraining.earlier(ws, config)

    assert found is not None
    assert found.id == first
    for unlike in (
        replace(config, dataset_version=0),
        replace(config, dataset_id=other.id),
        replace(config, cloned_from=""),
        replace(config, cloned_from="20200101-000000-000abcd"),
    ):
        assert retraining.earlier(ws, unlike) is None
