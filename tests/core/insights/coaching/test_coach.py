"""What is said of curves with a planted fault, and that nothing is of curves without one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from core.errors import UserError
from core.insights.coaching import coach, curves, remedies
from core.insights.coaching.curves import Advice, AdviceKind, Evidence
from core.insights.coaching.share_figures import Shares
from core.judging.evaluation import scores
from core.judging.shares import percent, span
from core.models.setting_texts import SETTINGS
from core.records import EpochMetrics, Phase, TrainConfig
from pages._train.backbone import WEIGHTS_WORDS
from tests.builders import card, make_dataset
from tests.core.insights.coaching.synthetic import evidence, training

CONFIG = TrainConfig(dataset_id="d", dropout=0.0)
SOLVED = replace(CONFIG, optimizer="solve")
TRIALS = 60


def told(
    epochs: Sequence[EpochMetrics],
    images: Evidence,
    config: TrainConfig = CONFIG,
    *,
    is_over: bool = False,
) -> list[AdviceKind]:
    return [advice.kind for advice in coach.advise(config, epochs, images, is_over=is_over)]


def first(epochs: Sequence[EpochMetrics], images: int, config: TrainConfig = CONFIG) -> Advice:
    return coach.advise(config, epochs, evidence(images), is_over=False)[0]


def ever(epochs: Sequence[EpochMetrics], images: int) -> set[AdviceKind]:
    """Give all that is said while the curves grow."""
    lengths = range(1, len(epochs) + 1)
    return {kind for n in lengths for kind in told(epochs[:n], evidence(images))}


def shares(images: int, **made: object) -> dict[AdviceKind, float]:
    """Give the share of trainings of which each thing is said at any time."""
    found = Counter(
        kind
        for trial in range(TRIALS)
        for kind in ever(training(np.random.default_rng([trial, images]), images, **made), images)  # type: ignore[arg-type]
    )
    return {kind: found[kind] / TRIALS for kind in AdviceKind}


def overfits(t: float) -> float:
    return 2 * (0.9 + 3 * t)


@pytest.mark.parametrize("images", [20, 100, 500])
@pytest.mark.parametrize("jitter", [0.05, 0.15])
def test_nothing_is_claimed_of_a_healthy_training_at_any_time(images: int, jitter: float):
    found = shares(images, jitter=jitter)

    claims = {
        AdviceKind.RATE,
        AdviceKind.STUCK,
        AdviceKind.OVERFITTING,
        AdviceKind.GAP,
        AdviceKind.ABOVE,
    }
    assert all(found[kind] < 0.05 for kind in claims), found


def test_a_validation_loss_that_stays_flat_and_swings_is_not_called_overfitting():
    found = shares(100, epochs=60, jitter=0.15, skill=lambda t: 1.2, memory=lambda t: 0.1 * t)

    assert found[AdviceKind.OVERFITTING] < 0.05


@pytest.mark.parametrize(("images", "least"), [(100, 0.9), (500, 0.95)])
def test_overfitting_is_found_where_the_images_can_carry_it(images: int, least: float):
    found = shares(images, skill=lambda t: 0.9, memory=lambda t: 3 * t, sharpness=overfits)

    assert found[AdviceKind.OVERFITTING] >= least


def test_overfitting_is_dated_and_names_the_control_that_mends_it():
    epochs = curve(val_loss=[1, 0.8, 0.6, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1], loss=falling(10))

    advice = first(epochs, 230)

    assert advice.kind is AdviceKind.OVERFITTING
    assert "Overfitting since epoch 4" in str(advice.seen)
    assert advice.remedy is not None
    assert "change Augmentation from None to Light" in str(advice.remedy.mend)
    assert dict(advice.remedy.change) == {"augmentation": "light", "num_views": 4}


def test_the_same_rise_is_not_claimed_of_few_images_nor_of_few_groups():
    epochs = curve(val_loss=[1, 0.8, 0.6, 0.5, 0.55, 0.6, 0.65, 0.65, 0.7, 0.7], loss=falling(10))
    groups = replace(evidence(230), witnesses=12)

    assert AdviceKind.OVERFITTING in told(epochs, evidence(2000))
    assert AdviceKind.OVERFITTING not in told(epochs, evidence(38))
    assert AdviceKind.OVERFITTING not in told(epochs, groups)


def test_epochs_of_fine_tuning_are_counted_on_from_those_of_the_head():
    head = curve(val_loss=[1, 0.8, 0.6], loss=falling(3))
    tuned = curve(val_loss=[0.5, 0.6, 0.8, 0.9, 1, 1.1, 1.2], loss=falling(7), tuned=True)

    advice = first([*head, *tuned], 500)

    assert "since epoch 4" in str(advice.seen)


def test_iterations_of_a_solved_head_are_no_epochs_of_learning_by_heart():
    epochs = curve(val_loss=[1, 0.5, 0.6, 0.9, 1, 1.2, 1.5, 2], loss=falling(8))

    assert told(epochs, evidence(2000), SOLVED) == []


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        ([1, 1.4, 1.6, 2, 2.2], "loss on the training images rises"),
        ([1, 0.6, 0.9, 0.5, 0.9, 0.4, 0.8, 0.4], "jumps up and down"),
    ],
)
def test_a_rate_that_is_too_high_is_named_with_a_lower_one(loss: list[float], sentence: str):
    advice = first(curve(loss=loss, val_loss=loss), 38)

    assert advice.kind is AdviceKind.RATE
    assert sentence in str(advice.seen)
    assert advice.remedy is not None
    assert dict(advice.remedy.change) == {"learning_rate": 1e-4}
    assert "Learning rate of the head from 0.001 to 0.0001" in str(advice.remedy.mend)


def test_fine_tuning_that_washes_away_what_the_backbone_knows_is_told_as_it_happens():
    config = replace(CONFIG, freeze="none", fine_tune_epochs=5)
    head = curve(val_loss=[0.5] * 3, loss=falling(3), right=[0.9] * 3)
    tuned = curve(val_loss=[0.9] * 3, loss=falling(3), right=[0.4, 0.5, 0.6], tuned=True)

    advice = first([*head, *tuned], 100, config)

    assert "90% of the validation images were right before it, now at most 60%" in str(advice.seen)
    assert advice.remedy is not None
    assert dict(advice.remedy.change) == {"fine_tune_learning_rate": 1e-5}
    assert AdviceKind.RATE not in told([*head, *tuned], evidence(10), config)


@pytest.mark.parametrize(
    ("change", "majority", "mended"),
    [
        ({"weights": "none"}, 0.5, {"weights": "imagenet"}),
        ({}, 0.8, {"class_weights": True}),
        ({"class_weights": True}, 0.8, {"learning_rate": 1e-2}),
        ({"class_weights": True, "learning_rate": 0.01}, 0.8, {}),
    ],
)
def test_a_run_that_stands_at_the_largest_class_is_told(change, majority, mended):
    epochs = curve(val_loss=[0.7] * 6, loss=[0.7] * 6, right=[majority] * 6, trained=[majority] * 6)
    stands_on = evidence(100, majority=majority)

    advice = coach.advise(replace(CONFIG, **change), epochs, stands_on, is_over=False)[0]

    assert advice.kind is AdviceKind.STUCK
    assert "After 6 epochs it is right no more often" in str(advice.seen)
    assert advice.remedy is not None
    assert dict(advice.remedy.change) == mended


def test_a_slow_start_and_few_training_images_are_not_called_stuck():
    slow = curve(val_loss=[0.7] * 6, loss=[0.7] * 6, right=[0.5] * 6, trained=[0.57] * 6)
    same = curve(val_loss=[0.7] * 6, loss=[0.7] * 6, right=[0.5] * 6, trained=[0.5] * 6)

    assert AdviceKind.STUCK not in told(slow, evidence(100))
    assert AdviceKind.STUCK not in told(same, replace(evidence(100), num_train=20))
    assert AdviceKind.STUCK in told(same, evidence(100))


@pytest.mark.parametrize(
    ("change", "images", "sentence"),
    [
        ({"dropout": 0.5}, 500, "Dropout hides clues only while it learns"),
        ({"augmentation": "light"}, 500, "variations (Augmentation)"),
        ({}, 500, "may be easier, or resemble training images"),
        ({"dropout": 0.5}, 38, "with 38 validation images that may be chance"),
    ],
)
def test_validation_above_training_is_explained(change, images, sentence):
    epochs = curve(val_loss=[0.5] * 4, loss=[0.6] * 4, right=[0.9] * 4, trained=[0.8] * 4)

    said = coach.advise(replace(CONFIG, **change), epochs, evidence(images), is_over=False)

    assert sentence in str(said[0].seen)
    assert said[0].remedy is None
    assert len(said) == 1


def test_few_validation_images_are_named_while_it_trains_and_not_again_afterwards():
    epochs = curve(val_loss=[0.5] * 3, loss=[0.5] * 3, right=[0.8] * 3, trained=[0.8] * 3)

    advice = first(epochs, 20)

    said = str(advice.seen)
    assert advice.remedy is not None
    assert "add some on the Data page" in str(advice.remedy.mend)
    assert "20 validation images are few: the true share may lie anywhere from 58% to 92%" in said
    assert told(epochs, evidence(20), is_over=True) == []
    assert told(epochs, evidence(100)) == []


def test_of_an_ended_run_so_few_images_cannot_show_whether_it_knows_some_by_heart():
    epochs = curve(val_loss=[0.5], loss=[0.1], right=[5 / 6], trained=[1.0])

    said = coach.advise(SOLVED, epochs, replace(evidence(6), num_train=10), is_over=True)

    assert "83% (44% to 97%) of the validation images: so few images cannot show" in str(
        said[0].seen
    )


def test_the_range_of_an_ended_run_is_that_of_its_verdict():
    right = np.arange(38) < 25
    pair = ["pair", "pair", *[""] * 36]
    score = scores.measured(right, pair, largest_class=10)
    model = replace(card("r", SOLVED), validation=score)
    known = curves.scored(replace(evidence(38, witnesses=37), num_train=10), model)
    epochs = curve(val_loss=[0.5], loss=[0.1], right=[24 / 38], trained=[0.9])

    said = str(coach.advise(SOLVED, epochs, known, is_over=True)[0].seen)

    assert f"{percent(score.accuracy)} ({span(score.low, score.high)}) of the validation" in said
    assert curves.evidence_of(model).figures.score == score


@pytest.mark.parametrize(
    ("change", "control"),
    [
        ({"hidden_units": 64}, {"hidden_units": 0}),
        ({}, {"augmentation": "light", "num_views": 4}),
        ({"augmentation": "light"}, {"dropout": 0.5}),
        ({"augmentation": "light", "dropout": 0.5}, {"augmentation": "standard"}),
        ({"augmentation": "strong", "dropout": 0.5}, {}),
    ],
)
def test_each_control_against_overfitting_is_named_once_it_is_the_next(change, control):
    config = replace(CONFIG, **change)

    assert dict(remedies.harder(config, Phase.HEAD, is_solved=False).change) == control


def test_a_run_without_validation_images_or_epochs_hears_nothing():
    epochs = [replace(e, val_loss=None, val_accuracy=None) for e in curve(loss=falling(5))]

    assert told(epochs, evidence(38)) == told([], evidence(38)) == []


def test_a_change_goes_through_an_address_and_nothing_else_does():
    change = (("augmentation", "light"), ("num_views", 4))

    changed = remedies.applied(CONFIG, remedies.written(change))

    assert (changed.augmentation, changed.num_views) == ("light", 4)
    assert (
        str(remedies.told(CONFIG, changed)) == "Already changed: Augmentation, from None to Light."
    )
    assert remedies.applied(CONFIG, "") == CONFIG
    assert remedies.told(CONFIG, CONFIG) is None
    for wrong in ("{", "[]", '{"dataset_id": "x"}', '{"dropout": [1]}', '{"dropout": "x"}'):
        with pytest.raises(UserError, match="a change that no setting has"):
            remedies.applied(CONFIG, wrong)
    with pytest.raises(UserError, match="Dropout was 7"):
        remedies.applied(CONFIG, '{"dropout": 7}')


def test_controls_are_called_as_on_the_train_page():
    assert {name: control.text for name, control in remedies.CONTROLS.items()} == {
        name: SETTINGS[name] for name in remedies.CONTROLS
    }
    assert remedies.STARTS == WEIGHTS_WORDS


def test_groups_are_one_witness_each_and_classes_left_out_do_not_count(ws):
    dataset = make_dataset(ws, num=20, classes=("red", "green", "blue"))
    config = TrainConfig(dataset_id=dataset.id, left_out=("blue",))

    found = curves.evidence(ws, config)

    assert found == Evidence(
        num_train=28,
        num_validation=6,
        witnesses=6,
        figures=Shares(train_majority=0.5, majority=0.5, num_classes=2),
    )


def falling(num: int) -> list[float]:
    return [1 / (n + 1) for n in range(num)]


def curve(
    *,
    loss: Sequence[float],
    val_loss: Sequence[float] = (),
    right: Sequence[float] = (),
    trained: Sequence[float] = (),
    tuned: bool = False,
) -> list[EpochMetrics]:
    """Write curves down by hand; shares are 0.8 where they do not matter."""
    return [
        EpochMetrics(
            phase=Phase.FINE_TUNE if tuned else Phase.HEAD,
            epoch=number + 1,
            loss=loss[number],
            accuracy=trained[number] if trained else 0.8,
            val_loss=val_loss[number] if val_loss else 0.5,
            val_accuracy=right[number] if right else 0.8,
            learning_rate=1e-3,
            seconds=0.1,
        )
        for number in range(len(loss))
    ]
