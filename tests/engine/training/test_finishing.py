"""What is said when training is over: which epoch is kept, and of how many images it was right."""

from core.engine.loop.schedules import TrainingState
from core.engine.training.finishing import judgement
from core.records import Phase

TUNED = TrainingState(
    phase=Phase.FINE_TUNE,
    epoch=15,
    num_epochs=75,
    best_phase=Phase.FINE_TUNE,
    best_epoch=7,
    best_accuracy=43 / 44,
    best_loss=0.0514,
    phase_accuracy=43 / 44,
)


def said(state: TrainingState) -> list[str]:
    return [str(message) for message in judgement(state, 44)]


def test_the_best_epoch_is_counted_through_both_phases_and_its_images_are_named():
    assert said(TUNED) == [
        "The best epoch is epoch 67 of 75: 43 of 44 validation images are right, "
        "with a loss of 0.051."
    ]


def test_fine_tuning_that_did_not_help_is_said_in_images():
    head = TrainingState(best_epoch=60, num_epochs=60, best_accuracy=1.0, epoch=60)
    hurt = TrainingState(
        phase=Phase.FINE_TUNE,
        epoch=15,
        num_epochs=75,
        best_epoch=60,
        best_accuracy=1.0,
        phase_accuracy=43 / 44,
    )

    assert said(head)[0].startswith("The best epoch is epoch 60 of 60: 44 of 44")
    assert said(hurt)[0].startswith("The best epoch is epoch 60 of 75: 44 of 44")
    assert "44 of 44 validation images were right before it, and at most 43 in it" in said(hurt)[1]
