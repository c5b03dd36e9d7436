"""What is chosen beside a classifier that is fitted at once: taken, passed over, or refused."""

from dataclasses import replace

import pytest

from core import files
from core.errors import UserError
from core.models import presets, solving, summary
from core.models.catalog import CLASSIFIERS
from core.records import TrainConfig

FITTED = [name for name, entry in CLASSIFIERS.items() if entry.fits]


def made(**chosen: object) -> TrainConfig:
    return presets.configure("d", has_weights=lambda name, size: True, num_train=1000, **chosen)


@pytest.mark.parametrize("name", FITTED)
@pytest.mark.parametrize("preset", presets.PRESETS)
def test_the_dial_freezes_all_and_makes_no_variations(name: str, preset: str):
    config = made(preset=preset, classifier=name)

    assert (config.freeze, config.fine_tune_epochs, config.num_views) == ("all", 0, 1)
    assert (config.augmentation, config.optimizer) == ("none", "solve")
    assert solving.solves(config)


def test_a_linear_head_is_what_it_was():
    assert files.build(TrainConfig, {"dataset_id": "d"}).classifier == "linear"
    assert made() == made(classifier="linear")


def test_what_means_nothing_is_named_and_changes_nothing():
    given = {"epochs": 5, "augmentation": "light", "num_views": 3, "class_weights": True}

    config = made(classifier="knn", **given)

    assert config == made(classifier="knn")
    told = solving.without_meaning(config, {name: f"--{name}" for name in given})
    assert str(told) == (
        "The classifier 'knn' is fitted at once to the images as they are: --epochs, "
        "--augmentation, --num_views, --class_weights changes nothing."
    )
    assert solving.without_meaning(config, {"image_size": "--image-size"}) is None
    assert {"epochs", "optimizer", "augmentation", "layer_decay"} <= solving.unused(config)


@pytest.mark.parametrize("name", FITTED)
@pytest.mark.parametrize(
    ("chosen", "what"),
    [
        ({"freeze": "block_12", "fine_tune_epochs": 2}, "blocks that are not frozen"),
        ({"hidden_units": 8}, "a hidden layer"),
        ({"pooling": "flatten"}, "the pooling 'flatten'"),
    ],
)
def test_what_cannot_go_with_it_is_refused(name: str, chosen: dict, what: str):
    with pytest.raises(UserError, match=f"'{name}' was chosen with {what}"):
        made(classifier=name, **chosen)


def test_one_sigmoid_is_for_linear_ones():
    assert made(classifier="class-mean", output="sigmoid").output == "sigmoid"
    with pytest.raises(UserError, match="the output 'sigmoid'"):
        made(classifier="knn", output="sigmoid")


def test_neighbours_are_for_so_many_images():
    config = replace(made(), classifier="knn")

    solving.check_images(config, 5000)
    solving.check(config, 5000)
    with pytest.raises(UserError, match="for 5001 training images"):
        solving.check(config, 5001)
    with pytest.raises(UserError, match="for 6000 training images"):
        presets.configure("d", classifier="knn", num_train=6000)


def test_only_votes_are_called_uncalibrated():
    assert [name for name in CLASSIFIERS if solving.note_on_confidence(made(classifier=name))] == [
        "knn"
    ]


def test_images_that_are_remembered_are_not_numbers_that_learn():
    linear, means, votes = (summary.head_parameters(made(classifier=n), 4) for n in CLASSIFIERS)

    assert linear == means
    assert votes == 0
