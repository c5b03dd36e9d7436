"""An estimate is a range that grows with the work, and learns from what was measured here."""

from dataclasses import replace

import pytest

from core import durations, files, runs
from core.errors import UserError
from core.judging.statistics import accuracy
from core.models import presets
from core.models.catalog import BACKBONES
from core.records import TrainConfig
from core.runs import estimates
from core.workspace import Workspace
from tests import builders

VALIDATION = accuracy(70, 80, largest_class=40)


def config(**changes):
    chosen = {"backbone": "MobileNetV2", "optimizer": "adam", **changes}
    return presets.configure("pets", **chosen)


@pytest.fixture
def middle(tmp_path):
    """The middle of the range that is said in an empty workspace."""

    def of(config, num_train=400):
        guess = estimates.estimate(Workspace(tmp_path), config, num_train, 80)
        return (guess.low_seconds + guess.high_seconds) / 2

    return of


def finished(
    ws, *, seconds, device="cpu", num_train=400, images="", fine_tune_seconds=0.0, **changes
):
    """Leave a run that took that long, on images of its own or on the ones named."""
    run_id = runs.create(ws, config(**changes))
    card = replace(
        builders.card(run_id, config(**changes)),
        seconds=seconds,
        device=device,
        num_train=num_train,
        validation=VALIDATION,
        fine_tune_seconds=fine_tune_seconds,
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
    finished(ws, seconds=900, num_train=4000)

    learned = estimates.estimate(ws, config(), 4000, 80)

    assert learned.low_seconds < 900 < learned.high_seconds
    assert str(learned.basis) == "measured on 1 run on this machine"


def test_a_run_that_took_far_less_than_the_others_does_not_widen_the_range(tmp_path):
    ws = Workspace(tmp_path)
    for seconds in (900, 1000, 1100, 20):
        finished(ws, seconds=seconds, num_train=4000)

    learned = estimates.estimate(ws, config(), 4000, 80)

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


def test_a_run_of_which_frozen_work_was_little_tells_no_rate_of_it(tmp_path):
    ws, heads = Workspace(tmp_path), config(epochs=300)
    guess = estimates.estimate(ws, heads, 4000, 80)
    tuned = {"freeze": "block_14", "fine_tune_epochs": 50, "optimizer": "solve"}
    for _ in range(2):
        finished(ws, seconds=40, num_train=40, fine_tune_seconds=8, **tuned)

    learned = estimates.estimate(ws, heads, 4000, 80)

    assert "guess" in str(learned.basis)
    assert learned.high_seconds < 1.5 * guess.high_seconds


def test_hundreds_of_epochs_on_the_features_of_few_images_take_seconds(middle):
    assert middle(config(epochs=300), 33) < 60


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


def test_a_measured_head_says_nothing_of_fine_tuning_that_never_ran(tmp_path):
    ws, tuned = Workspace(tmp_path), config(freeze="block_3", fine_tune_epochs=20)
    guess = estimates.estimate(ws, tuned, 400, 80)
    for _ in range(2):
        finished(ws, seconds=30)

    found = estimates.estimate(ws, tuned, 400, 80)

    assert "guess" in str(found.basis)
    assert found.high_seconds / found.low_seconds > 3
    assert found.high_seconds > 0.7 * guess.high_seconds


def test_fine_tuning_that_never_ran_is_not_called_measured_however_little_it_is(tmp_path):
    ws, depth = Workspace(tmp_path), {"freeze": "block_15", "fine_tune_epochs": 3}
    finished(ws, seconds=20, num_train=33, epochs=15)

    few = estimates.estimate(ws, config(epochs=15, **depth), 33, 6)
    finished(ws, seconds=24, num_train=33, epochs=15, fine_tune_seconds=4, **depth)
    measured = estimates.estimate(ws, config(epochs=15, **depth), 33, 6)

    assert "guess" in str(few.basis)
    assert str(measured.basis) == "measured on 1 run on this machine"


def test_the_same_short_run_once_more_is_measured(tmp_path):
    ws, quick = Workspace(tmp_path), {"preset": "quick", "backbone": "MobileNetV2-0.35"}
    finished(ws, seconds=20, num_train=33, **quick)

    again = estimates.estimate(ws, config(**quick), 33, 80)

    assert again.low_seconds < 20 < again.high_seconds
    assert str(again.basis) == "measured on 1 run on this machine"


def test_fine_tuning_that_ran_is_measured_by_itself(tmp_path):
    ws, tuned = Workspace(tmp_path), {"freeze": "block_3", "fine_tune_epochs": 20}
    finished(ws, seconds=1030, fine_tune_seconds=1000, **tuned)

    found = estimates.estimate(ws, config(**tuned), 400, 80)

    assert found.low_seconds < 1000 < found.high_seconds < 1600
    assert str(found.basis) == "measured on 1 run on this machine"


def test_another_network_is_not_measured_by_runs_of_this_one(tmp_path):
    ws = Workspace(tmp_path)
    for _ in range(2):
        finished(ws, seconds=900, num_train=4000)

    other = estimates.estimate(ws, config(backbone="ResNet50V2"), 4000, 80)

    assert str(other.basis) == "a guess, from 2 runs of other networks on this machine"
    assert other.high_seconds / other.low_seconds > 2.5


def test_the_steps_of_a_run_add_up_to_the_middle_of_what_was_said(tmp_path):
    ws, tuned = Workspace(tmp_path), config(freeze="block_3", fine_tune_epochs=20)
    finished(ws, seconds=900)

    said = estimates.estimate(ws, tuned, 400, 80)
    steps = estimates.expected(ws, tuned, 400, 80)

    assert sum(steps.values()) == pytest.approx((said.low_seconds + said.high_seconds) / 2)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(2, "5 s"), (33, "35 s"), (94, "1 min 30 s"), (540, "9 min"), (4000, "1 h 5 min")],
)
def test_time_left_is_no_more_exact_than_it_is_known(seconds, said):
    assert str(durations.left(seconds)) == said


def test_a_backbone_that_is_not_known_is_named(ws: Workspace) -> None:
    unknown = TrainConfig(dataset_id="colours-0000", backbone="MobileNet-0.26")

    with pytest.raises(UserError, match=r"Did you mean 'MobileNet-0\.25'"):
        estimates.expected(ws, unknown, 10, 5)
