"""What is said when training is over: which epoch is kept, why, and what was picked."""

from dataclasses import replace

import pytest

from core.engine.loop.schedules import TrainingState
from core.engine.loop.verdicts import judgement
from core.engine.training.finishing import picked
from core.records import Paired, Phase

HEAD = TrainingState(epoch=60, num_epochs=60, kept_epoch=60, kept_accuracy=1.0)
TUNED = TrainingState(
    phase=Phase.FINE_TUNE,
    epoch=7,
    num_epochs=67,
    kept_phase=Phase.FINE_TUNE,
    kept_epoch=7,
    kept_accuracy=43 / 44,
    kept_loss=0.0514,
    tuned=Paired(fixed=3, broke=1, better=3, worse=1, p=0.625),
)


def said(state: TrainingState, *, solves: bool = False) -> list[str]:
    return [str(message) for message in judgement(state, 44, solves=solves)]


def test_the_kept_epoch_is_counted_through_both_phases_and_its_images_are_named():
    assert said(TUNED) == [
        "Epoch 67 of 67 is kept: 43 of 44 validation images are right, with a loss of 0.051.",
        "Fine-tuning is kept: of 44 validation images it put 3 right and 1 wrong, against the "
        "head alone.",
    ]
    assert said(HEAD)[0].startswith("Epoch 60 of 60 is kept: 44 of 44")


def test_that_fewer_images_are_right_may_be_chance():
    slightly = replace(TUNED, tuned=Paired(fixed=1, broke=3, better=1, worse=3, p=0.625))

    assert said(slightly)[1].endswith(
        "put 1 right and 3 wrong, against the head alone, which may be chance (p = 0.62)."
    )


def test_more_images_wrong_in_fewer_groups_are_not_called_chance_by_a_test_that_says_the_contrary():
    one_large_group = Paired(fixed=10, broke=20, better=10, worse=1, p=0.0117)

    assert said(replace(TUNED, tuned=one_large_group))[1].endswith(
        "put 10 right and 20 wrong, against the head alone."
    )


@pytest.mark.parametrize("solves", [False, True])
def test_fine_tuning_that_hurt_is_said_in_images(solves: bool):
    worse = Paired(fixed=0, broke=6, better=0, worse=6, p=0.03125)
    hurt = replace(HEAD, phase=Phase.FINE_TUNE, epoch=7, num_epochs=67, tuned=worse)

    kept, choice = said(hurt, solves=solves)

    assert kept.startswith("The head was solved in" if solves else "Epoch 60 of 67 is kept: 44 of")
    assert choice == (
        "The head alone is kept: of 44 validation images fine-tuning put 0 right and 6 wrong, "
        "which is more than chance explains (p = 0.031)."
    )


def test_without_validation_images_no_score_is_claimed():
    assert [str(m) for m in judgement(replace(TUNED, tuned=None), 0)] == [
        "Epoch 67 of 67 is kept. It learned from the validation images too."
    ]
    solved = [str(m) for m in judgement(HEAD, 0, solves=True)]
    assert solved == ["The head was solved in 60 iterations, from the validation images too."]


def test_what_the_validation_images_decided_is_named():
    assert picked(HEAD) == ()
    assert picked(replace(HEAD, picked_end=True)) == ("end",)
    assert picked(replace(TUNED, picked_end=True)) == ("phase", "end")
