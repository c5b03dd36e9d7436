"""An estimate is a range that grows with the work, and learns from what was measured here."""

from dataclasses import replace

import pytest

from core import estimates, files, presets, runs
from core.catalog import BACKBONES
from core.intervals import accuracy
from core.workspace import Workspace
from tests import builders

VALIDATION = accuracy(70, 80, largest_class=40)


def config(**changes):
    return presets.configure("pets", **{"backbone": "MobileNetV2", **changes})


@pytest.fixture
def middle(tmp_path):
    """The middle of the range that is said in an empty workspace."""

    def of(config, num_train=400):
        guess = estimates.estimate(Workspace(tmp_path), config, num_train, 80)
        return (guess.low_seconds + guess.high_seconds) / 2

    return of


def finished(ws, *, seconds, device="cpu", num_train=400, images="", **changes):
    """Leave a run that took that long, on images of its own or on the ones named."""
    run_id = runs.create(ws, config(**changes))
    card = replace(
        builders.card(run_id, config(**changes)),
        seconds=seconds,
        device=device,
        num_train=num_train,
        validation=VALIDATION,
        dataset_fingerprint=images or run_id,
    )
    files.write_record(ws.run(run_id).card, card)


@pytest.mark.parametrize("name", BACKBONES)
def test_every_backbone_gets_a_range_of_seconds(name, tmp_path):
    guess = estimates.estimate(Workspace(tmp_path), config(backbone=name), 100, 20)

    assert 0 < guess.low_seconds < guess.high_seconds
    assert "guess" in str(guess.basis)


@pytest.mark.parametrize(
    "more",
    [
        {"image_size": 320},
        {"epochs": 500},
        {"backbone": "ResNet152"},
        {"fine_tune_epochs": 5},
        {"augmentation": "light"},
    ],
)
def test_more_work_takes_longer(more, middle):
    assert middle(config(**more)) > middle(config())


def test_more_images_take_longer(middle):
    assert middle(config(), num_train=4000) > middle(config())


def test_thawing_more_takes_longer(middle):
    few, many = (config(freeze=block, fine_tune_epochs=5) for block in ("block_15", "block_3"))

    assert middle(many) > middle(few)


def test_finished_runs_replace_the_guess(tmp_path):
    ws = Workspace(tmp_path)
    finished(ws, seconds=900)

    learned = estimates.estimate(ws, config(), 400, 80)

    assert learned.low_seconds < 900 < learned.high_seconds
    assert str(learned.basis) == "measured on 1 run on this machine"


def test_a_run_that_took_far_less_than_the_others_does_not_widen_the_range(tmp_path):
    ws = Workspace(tmp_path)
    for seconds in (900, 1000, 1100, 20):
        finished(ws, seconds=seconds)

    learned = estimates.estimate(ws, config(), 400, 80)

    assert learned.low_seconds > 500
    assert "3 runs" in str(learned.basis)


def test_short_runs_say_how_long_the_start_takes_and_nothing_of_a_large_network(tmp_path):
    ws, large = Workspace(tmp_path), config(backbone="ResNet50V2")
    guess = estimates.estimate(ws, large, 4000, 80)
    for _ in range(3):
        finished(ws, seconds=4, num_train=20, epochs=5)

    small = estimates.estimate(ws, config(epochs=5), 20, 80)
    learned = estimates.estimate(ws, large, 4000, 80)

    assert small.low_seconds < 4 < small.high_seconds
    assert str(small.basis) == "measured on 3 runs on this machine"
    assert "guess" in str(learned.basis)
    assert learned.high_seconds > 0.8 * guess.high_seconds


def test_a_run_that_found_its_features_does_not_make_networks_look_fast(tmp_path):
    ws = Workspace(tmp_path)
    finished(ws, seconds=100, num_train=4000, images="pets")
    before = estimates.estimate(ws, config(), 5000, 80)
    finished(ws, seconds=4, num_train=4000, images="pets", learning_rate=0.1)

    assert estimates.estimate(ws, config(), 5000, 80) == before


def test_runs_on_another_device_say_nothing_about_this_one(tmp_path):
    ws = Workspace(tmp_path)
    finished(ws, seconds=20, device="some GPU")
    finished(ws, seconds=900)

    assert "1 run " in str(estimates.estimate(ws, config(), 400, 80).basis)


def test_features_that_do_not_fit_run_the_frozen_part_in_every_epoch(tmp_path, monkeypatch):
    ws, deep = Workspace(tmp_path), config(freeze="block_12", fine_tune_epochs=20)
    monkeypatch.setenv("THAW_CACHE_GB", "1000")
    kept = estimates.estimate(ws, deep, 4000, 80)
    monkeypatch.setenv("THAW_CACHE_GB", "0.001")

    streamed = estimates.estimate(ws, deep, 4000, 80)

    assert streamed.low_seconds > 1.3 * kept.low_seconds
