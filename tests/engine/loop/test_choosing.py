"""Fine-tuned, or the head alone: one choice, by the answers to the validation images."""

import numpy as np
import pytest

from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.choosing import choose
from core.engine.loop.schedules import TrainingState
from core.records import Phase

HEAD, TUNED = [np.float32([1])], [np.float32([2])]
STATE = TrainingState(
    phase=Phase.FINE_TUNE,
    epoch=2,
    num_epochs=5,
    loss=0.4,
    accuracy=0.25,
    kept_epoch=3,
    kept_loss=0.5,
    kept_accuracy=0.5,
)


def saved(fixed: int, broke: int) -> Checkpoint:
    before = np.array([False] * fixed + [True] * (20 - fixed))
    right = np.array([True] * (20 - broke) + [False] * broke)
    return Checkpoint(STATE, TUNED, [], right, HEAD, before)


@pytest.mark.parametrize(("fixed", "broke"), [(0, 0), (6, 0), (0, 5), (2, 8)])
def test_fine_tuning_is_kept_unless_it_is_surely_worse(fixed: int, broke: int):
    state, values = choose(saved(fixed, broke), [""] * 20)

    assert values is TUNED
    assert (state.kept_phase, state.kept_epoch) == (Phase.FINE_TUNE, 2)
    assert (state.kept_loss, state.kept_accuracy) == (0.4, 0.25)
    assert state.tuned is not None
    assert (state.tuned.fixed, state.tuned.broke) == (fixed, broke)


def test_the_head_alone_is_kept_where_fine_tuning_is_surely_worse():
    state, values = choose(saved(0, 6), [""] * 20)

    assert values is HEAD
    assert (state.kept_phase, state.kept_epoch, state.kept_accuracy) == (Phase.HEAD, 3, 0.5)
    assert state.tuned is not None
    assert state.tuned.is_worse
    assert 0 < state.picking_cost < 0.1


def test_images_of_one_group_are_one_witness():
    state, values = choose(saved(0, 6), [""] * 14 + ["burst"] * 6)

    assert values is TUNED
    assert state.kept_phase is Phase.FINE_TUNE


def test_before_its_first_epoch_is_over_fine_tuning_has_changed_nothing():
    begun = Checkpoint(STATE, TUNED, [], before=HEAD)

    assert choose(begun, [""] * 20) == (STATE, HEAD)


def test_a_head_is_its_last_epoch():
    assert choose(Checkpoint(STATE, TUNED, []), [""] * 20) == (STATE, TUNED)
