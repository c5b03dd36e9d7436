"""What is said of the curves of a run of numbers, and that nothing is of those without a fault."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from core import datasets, runs
from core.insights.coaching import coach, curves
from core.insights.coaching.curves import Advice, AdviceKind
from core.judging.statistics import student
from core.records import EpochMetrics, Phase, TrainConfig
from tests import numbered
from tests.core.insights.coaching.synthetic import (
    number_epoch,
    number_evidence,
    number_training,
)

CONFIG = TrainConfig(dataset_id="d", task="regression", dropout=0.0)
TRIALS = 12
SPREAD = 1.6  # mean squares over squared means: errors that are spread as normal ones


def curve(known: Sequence[float], others: Sequence[float], *, tuned: bool = False):
    phase = Phase.FINE_TUNE if tuned else Phase.HEAD
    return [
        number_epoch(n + 1, (SPREAD * a**2, a), (SPREAD * b**2, b), phase=phase)
        for n, (a, b) in enumerate(zip(known, others, strict=True))
    ]


def first(epochs: Sequence[EpochMetrics], images: int = 400, **changes: object) -> Advice:
    config = replace(CONFIG, **changes)
    return coach.advise(config, epochs, number_evidence(images), is_over=False)[0]


def ever(images: int, **made: object) -> Counter[AdviceKind]:
    """Count the trainings in which each thing is said at any time."""
    found = Counter[AdviceKind]()
    for trial in range(TRIALS):
        epochs = number_training(np.random.default_rng([trial, images]), images, **made)
        known = number_evidence(images)
        told = (coach.advise(CONFIG, epochs[:n], known, is_over=False) for n in range(1, 41))
        found.update({one.kind for some in told for one in some})
    return found


@pytest.mark.parametrize("images", [20, 100])
@pytest.mark.parametrize("heavy", [False, True])
def test_nothing_is_claimed_of_a_healthy_training(images: int, heavy: bool):
    found = ever(images, heavy=heavy, jitter=0.1)

    assert set(found) <= {AdviceKind.FEW}


def test_overfitting_is_found_where_the_images_can_carry_it():
    found = ever(
        200,
        unseen=lambda t: 3 + 9 * np.exp(-12 * t) + 4 * t,
        seen=lambda t: 3 - 2.4 * t + 9 * np.exp(-12 * t),
    )

    assert found[AdviceKind.OVERFITTING] == TRIALS


def test_overfitting_is_dated_and_names_what_mends_it():
    known, others = [9, 6, 4, 3, 2.5, 2, 1.5, 1.2, 1], [9, 7, 5, 6, 7, 8, 8, 9, 9]

    advice = first(curve(known, others), hidden_units=64)

    assert advice.kind is AdviceKind.OVERFITTING
    assert "Overfitting since epoch 3: the error on the validation images" in str(advice.seen)
    assert advice.remedy is not None
    assert dict(advice.remedy.change) == {"hidden_units": 0}
    assert first(curve(known, others), 8).kind is AdviceKind.FEW


def test_what_may_change_the_number_itself_is_never_advised():
    advice = first(curve([9, 6, 4, 3, 2.5, 2, 1.5, 1.2, 1], [9, 7, 5, 6, 7, 8, 8, 9, 9]))

    assert advice.remedy is not None
    assert (str(advice.remedy.mend), advice.remedy.change) == ("More images would help most.", ())


def test_a_rate_that_is_too_high_is_named_with_a_lower_one():
    advice = first(curve([5, 7, 8, 9, 9], [5, 7, 8, 9, 9]))

    assert advice.kind is AdviceKind.RATE
    assert advice.remedy is not None
    assert dict(advice.remedy.change) == {"learning_rate": 1e-4}


def test_fine_tuning_that_makes_it_worse_is_told_in_the_unit_of_the_number():
    head, tuned = curve([3] * 3, [3] * 3), curve([6, 5, 4.5], [7, 6, 5.5], tuned=True)

    advice = first([*head, *tuned], freeze="none", fine_tune_epochs=5)

    assert "off by 3.0 mm on average before it, and now by 5.5 mm at least" in str(advice.seen)
    assert first([*head, *tuned], 5, freeze="none").kind is AdviceKind.FEW


def test_a_run_that_says_the_mean_of_all_is_told():
    epochs = curve([10.0, 9.9, 9.9, 9.9, 9.9, 9.9], [10.0] * 6)

    advice = first(epochs)

    assert advice.kind is AdviceKind.STUCK
    assert "After 6 epochs it is no nearer than always saying the mean would be" in str(advice.seen)
    assert "off by 10.0 mm on average" in str(advice.seen)
    assert advice.remedy is not None
    assert dict(advice.remedy.change) == {"learning_rate": 1e-2}
    nearer = coach.advise(CONFIG, curve([8] * 6, [8] * 6), number_evidence(400), is_over=False)
    assert nearer == []


def test_a_run_that_is_far_worse_than_the_mean_and_falls_is_not_standing_still():
    epochs = curve([90, 70, 50, 40, 30, 25], [90, 70, 50, 40, 30, 25])

    assert coach.advise(CONFIG, epochs, number_evidence(400), is_over=False) == []


def test_training_that_is_nearer_than_validation_is_learned_by_heart_only_if_surely_so():
    epochs = curve([2, 1.8, 1.7], [5, 5, 5])

    told = first(epochs)
    of_few = coach.advise(CONFIG, epochs, number_evidence(3), is_over=True)

    assert told.kind is AdviceKind.GAP
    assert "(off by 1.7 mm against 5.0 mm, 4.6 to 5.4 mm)" in str(told.seen)
    assert [one.kind for one in of_few] == [AdviceKind.FEW]
    assert "so few images cannot show" in str(of_few[0].seen)


def test_validation_that_is_nearer_is_explained_and_not_where_it_still_learns_fast():
    lasting, fast = curve([6] * 4, [4] * 4), curve([9, 6.5, 4.5, 3], [6.8, 4.8, 3.1, 2])

    assert first(lasting).kind is AdviceKind.ABOVE
    assert "may be easier, or resemble" in str(first(lasting).seen)
    assert "variations (Augmentation)" in str(first(lasting, augmentation="light").seen)
    assert coach.advise(CONFIG, fast, number_evidence(400), is_over=False) == []


def test_few_images_are_named_with_the_error_that_others_may_have():
    told, of_two = (first(curve([3], [3]), images) for images in (20, 2))

    assert "20 validation images are few" in str(told.seen)
    assert "the error may be 1.9 to 4.1 mm on average" in str(told.seen)
    assert "2 validation images are too few to say how far off it is." in str(of_two.seen)


def test_no_validation_images_no_word():
    epochs = [replace(e, val_loss=None, val_mae=None) for e in curve([3] * 5, [3] * 5)]

    assert coach.advise(CONFIG, epochs, number_evidence(38), is_over=False) == []


def test_the_evidence_of_a_run_is_counted_and_that_of_its_card_has_its_verdict(ws):
    dataset = numbered.make_numbers(ws, num=40)
    run_id = numbered.make_number_run(ws, dataset)

    run = runs.get(ws, run_id)
    found = curves.evidence(ws, run.config)
    images = datasets.images(ws, dataset.id)
    learned = [i.number for i in images if i.split.value == "train"]

    assert (found.num_train, found.num_validation, found.witnesses) == (20, 10, 10)
    off = np.abs(np.array(learned) - np.mean(learned)).mean()
    assert found.figures.mean_trained == pytest.approx(off)
    assert curves.evidence_of(run.card).figures.score == run.card.numbers
    judged = curves.scored(found, run.card).figures.settled(run.epochs[-1])
    assert judged.val_mae == run.card.numbers.mae


@pytest.mark.parametrize(("freedom", "known"), [(2, 4.303), (9, 2.262), (30, 2.042), (500, 1.965)])
def test_students_t_is_that_of_the_tables(freedom: int, known: float):
    assert student(1.959964, freedom) == pytest.approx(known, rel=0.05 if freedom < 9 else 0.002)
