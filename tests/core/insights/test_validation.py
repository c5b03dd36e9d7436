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
        ((), "picked nothing: the last epoch is kept"),
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
