"""What is said of the validation images: what they decided, and whether the range allows for it."""

import itertools
from dataclasses import replace

import pytest

from core.insights import validation
from core.records import TrainConfig
from core.records.results import PICKED
from tests.run_records import card

CARD = card("r", TrainConfig(dataset_id="d"))


@pytest.mark.parametrize(
    ("picked", "sentence"),
    [
        ((), "Nothing was chosen by the validation images: the last epoch is kept"),
        (("epoch",), "picked the best epoch, so on new images"),
        (("phase",), "made one choice, fine-tuned or the head alone; the range allows for that"),
        (("end",), "not the best one, so that does not make the score too high"),
        (("phase", "end"), "when training ended, and between fine-tuned and the head alone"),
    ],
)
def test_what_the_validation_images_decided_is_said(picked: tuple[str, ...], sentence: str):
    assert sentence in str(validation.used_for(replace(CARD, picked=picked)))


def test_a_solved_head_was_picked_by_nothing_also_in_a_record_that_does_not_say_so():
    solved = TrainConfig(dataset_id="d", optimizer="solve")

    said = validation.used_for(replace(CARD, config=solved, picked=("epoch",)))

    assert "neither the head nor how simple it is kept" in str(said)


def test_every_choice_that_runs_make_has_its_sentence():
    made = [name for name in PICKED if name != "epoch"]
    for picked in itertools.chain.from_iterable(itertools.combinations(made, n) for n in (1, 2)):
        assert str(validation.used_for(replace(CARD, picked=picked)))


def test_a_rate_that_falls_when_stuck_is_not_said_to_hang_on_nothing():
    made = card("run", TrainConfig(dataset_id="d", schedule="plateau"))

    assert "decided when the learning rate fell" in str(validation.used_for(made))


def test_a_run_stopped_before_its_fine_tuning_keeps_a_solved_head_and_no_epoch():
    config = TrainConfig(dataset_id="d", optimizer="solve", freeze="block_3", fine_tune_epochs=9)

    assert "neither the head" in str(validation.used_for(card("run", config)))
    tuned = replace(card("run", config), kept_phase="fine_tune")
    assert "the last epoch is kept" in str(validation.used_for(tuned))
