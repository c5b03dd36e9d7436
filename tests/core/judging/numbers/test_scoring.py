"""How near numbers are: as scikit-learn counts it, and with intervals that hold."""

import numpy as np
import pytest

from core.judging.numbers import conformal, scoring


def numbers(num: int = 200, noise: float = 1.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    true = rng.uniform(0, 10, num)
    return true, true + rng.normal(0, noise, num)


def test_figures_by_hand():
    true, said = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 3.0, 2.0])

    found = scoring.score(true, said, [""] * 4, mean=2.5)

    assert found.mae == pytest.approx(0.75)
    assert found.rmse == pytest.approx(np.sqrt(5 / 4))
    assert found.r2 == pytest.approx(1 - 5 / 5)
    assert found.mean_mae == pytest.approx(1.0)
    assert found.r2_low <= found.r2 <= found.r2_high
    assert found.mae_low <= found.mae <= found.mae_high


def test_r_squared_is_that_of_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    true, said = numbers()

    assert scoring.r_squared(true, said) == pytest.approx(metrics.r2_score(true, said))


def test_numbers_that_do_not_differ_have_no_spread_to_explain():
    assert scoring.r_squared(np.ones(5), np.arange(5.0)) == 0.0
    found = scoring.score(np.ones(5), np.zeros(5), [""] * 5, mean=1.0)
    assert (found.r2, found.mae, found.mean_mae) == (0.0, 1.0, 0.0)


def test_a_model_that_learned_nothing_claims_nothing():
    rng = np.random.default_rng(1)
    claims = 0
    for _ in range(40):
        true = rng.normal(50, 10, 40)
        said = 50 + rng.normal(0, 2, 40)
        claims += scoring.score(true, said, [""] * 40, mean=50.0).beats_mean

    assert claims <= 1


def test_images_of_a_group_make_the_interval_as_wide_as_groups_are_few():
    rng = np.random.default_rng(2)
    true = rng.uniform(0, 10, 120)
    said = true + np.repeat(rng.normal(0, 2, 6), 20)  # a group is off together
    groups = [f"g{i // 20}" for i in range(120)]

    alone = scoring.score(true, said, [""] * 120, mean=5.0)
    together = scoring.score(true, said, groups, mean=5.0)

    assert together.mae_high - together.mae_low > 2 * (alone.mae_high - alone.mae_low)
    assert together.mae == alone.mae


@pytest.mark.parametrize("num", [1, 2, 5])
def test_few_images_make_intervals_that_hold_what_they_say(num, monkeypatch):
    monkeypatch.setattr(scoring, "DRAWS", 200)
    rng = np.random.default_rng(4)
    mae, r2 = [], []
    for _ in range(200):
        true, noise = rng.normal(0, 1, num), rng.normal(0, 0.5, num)
        found = scoring.score(true, true + noise, [""] * num, mean=0.0)
        mae.append(found.mae_low <= 0.5 * np.sqrt(2 / np.pi) <= found.mae_high)
        r2.append(found.r2_low <= 0.75 <= found.r2_high)

    assert np.mean(mae) > 0.86
    assert np.mean(r2) > 0.86


def test_of_two_models_the_one_that_is_nearer_more_often_is_told():
    errors = np.full(30, 2.0)

    better = scoring.nearer(errors, errors - 1)
    same = scoring.nearer(errors, errors + np.tile([1.0, -1.0], 15))

    assert better.is_better
    assert (better.fixed, better.broke) == (30, 0)
    assert not same.is_better
    assert not same.is_worse


def test_a_change_of_the_mean_error_comes_with_its_interval():
    true = np.zeros(50)

    gain, low, high = scoring.change(true, np.full(50, 3.0), np.full(50, 1.0), [""] * 50)

    assert (gain, low, high) == pytest.approx((2.0, 2.0, 2.0))


@pytest.mark.parametrize("spread", ["normal", "heavy"])
def test_the_range_holds_the_truth_nine_times_in_ten(spread):
    rng = np.random.default_rng(3)
    held = []
    for _ in range(200):
        errors = rng.standard_t(3, 140) if spread == "heavy" else rng.normal(0, 1, 140)
        half = conformal.half_range(np.abs(errors[:60]))
        held.append(np.mean(np.abs(errors[60:]) <= half))

    assert 0.89 <= np.mean(held) <= 0.93


def test_too_few_images_or_groups_give_no_range():
    assert conformal.half_range(np.ones(39)) is None
    assert conformal.half_range(np.ones(40)) == 1.0
    assert conformal.half_range(np.ones(80), [f"g{i // 4}" for i in range(80)]) is None
    assert conformal.half_range(np.full(50, np.nan)) is None


def test_most_images_and_the_mean_error_must_agree_before_anything_is_claimed():
    """A few images that are far off outweigh many that are a little nearer, and the other way."""
    true = np.zeros(40)
    said = np.r_[np.full(30, 1.1), np.full(10, 0.0)]  # a little further than 1 in 30 images
    rule = np.r_[np.full(30, 1.0), np.full(10, 9.0)]  # and far nearer in 10

    found = scoring.score(true, said, [""] * 40, mean=5.0, nearest=rule)

    assert found.nearest_mae is not None
    assert found.mae < found.nearest_mae
    assert found.p_nearest == 1.0, "the signs say the opposite of the means"


def test_a_rule_that_is_surely_nearer_is_told():
    rng = np.random.default_rng(3)
    true = rng.normal(size=60)

    found = scoring.score(
        true, true + rng.normal(size=60), [""] * 60, mean=0.0, nearest=true + 0.01
    )

    assert found.nearest_beats
    worse = scoring.score(true, true + 0.01, [""] * 60, mean=0.0, nearest=true + 1)
    assert not worse.nearest_beats


def test_leaning_to_the_mean_is_told_with_its_interval_and_not_of_few_images():
    rng = np.random.default_rng(3)
    true = np.linspace(0, 100, 60)
    groups = [""] * 60
    noise = rng.normal(0, 3, 60)

    leans, straight = (scoring.leaning(true, k * true + noise, groups) for k in (0.7, 1.0))

    assert leans[0] == pytest.approx(np.polyfit(true, 0.7 * true + noise - true, 1)[0])
    assert leans[1] < leans[0] < leans[2] < -0.2
    assert straight[1] < 0 < straight[2]
    assert scoring.leaning(true[:9], true[:9], groups[:9]) is None
    assert scoring.leaning(np.ones(20), np.ones(20), [""] * 20) is None
    assert scoring.leaning(true, true, ["one"] * 60) is None


@pytest.mark.parametrize("images", [2, 3, 5, 20])
def test_no_error_that_is_squared_is_surely_less_than_the_mean_one(images: int):
    for seed in range(5):
        true = np.random.default_rng(seed).uniform(0, 60, images)
        said = true + np.random.default_rng(seed + 9).normal(0, 2, images)

        found = scoring.score(true, said, [""] * images, mean=30.0)

        assert found.rmse_range is not None
        assert found.rmse_range[1] >= found.mae_high
