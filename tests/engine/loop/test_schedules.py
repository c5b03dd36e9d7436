"""Learning rates and the state machine of a phase's epochs: what is kept, early end, plateau."""

import numpy as np
import pytest

from core.engine.loop import schedules
from core.engine.loop.schedules import Plan, TrainingState
from core.records import EpochMetrics, Phase, TrainConfig


def plan(**changes: object) -> Plan:
    fields = {
        "phase": Phase.HEAD,
        "epochs": 4,
        "batch_size": 8,
        "peak": 0.1,
        "schedule": "constant",
        "patience": 0,
        "seed": 7,
    }
    return Plan(**(fields | changes))  # type: ignore[arg-type]


def metrics(epoch: int, loss: float, accuracy: float, phase: Phase = Phase.HEAD) -> EpochMetrics:
    return EpochMetrics(
        phase=phase,
        epoch=epoch,
        loss=1.0,
        accuracy=0.5,
        val_loss=loss,
        val_accuracy=accuracy,
        learning_rate=0.1,
        seconds=1.0,
    )


def after(rows: list[tuple[float, float]], chosen: Plan) -> TrainingState:
    state = TrainingState(batch_size=8)
    for epoch, (loss, accuracy) in enumerate(rows, start=1):
        state = schedules.advance(state, chosen, metrics(epoch, loss, accuracy))
    return state


def test_a_plan_is_what_the_configuration_says_of_a_phase():
    config = TrainConfig(
        dataset_id="d",
        epochs=4,
        fine_tune_epochs=5,
        batch_size=6,
        learning_rate=0.7,
        fine_tune_learning_rate=0.08,
        schedule="plateau",
        patience=9,
        seed=10,
    )
    same = {"batch_size": 6, "schedule": "plateau", "patience": 9, "seed": 10}

    assert schedules.plan_of(config, Phase.HEAD) == plan(epochs=4, peak=0.7, **same)
    assert schedules.plan_of(config, Phase.FINE_TUNE) == plan(
        phase=Phase.FINE_TUNE, epochs=5, peak=0.08, **same
    )


def test_a_constant_rate_is_the_peak_in_every_batch():
    rates = schedules.rates(plan(), epoch=2, num_batches=3, factor=1.0)

    assert rates.tolist() == pytest.approx([0.1, 0.1, 0.1])


def test_cosine_falls_from_the_peak_to_almost_nothing():
    epochs = [
        schedules.rates(plan(schedule="cosine"), epoch=e, num_batches=10, factor=1.0)
        for e in (1, 2, 3, 4)
    ]

    rates = np.concatenate(epochs)
    assert rates[0] == pytest.approx(0.1)
    assert rates[20] == pytest.approx(0.05)
    assert rates[-1] < 0.001
    assert np.all(np.diff(rates) < 0)


def test_fine_tuning_warms_up_and_the_head_does_not():
    head = schedules.rates(plan(), epoch=1, num_batches=10, factor=1.0)
    tail = schedules.rates(plan(phase=Phase.FINE_TUNE), epoch=1, num_batches=10, factor=1.0)

    assert head[0] == pytest.approx(0.1)
    assert tail[:5].tolist() == pytest.approx([0.025, 0.05, 0.075, 0.1, 0.1])


def test_the_warm_up_ends_within_the_first_epoch():
    tail = schedules.rates(
        plan(phase=Phase.FINE_TUNE, epochs=100), epoch=1, num_batches=4, factor=1.0
    )

    assert tail[-1] == pytest.approx(0.1)


def test_the_last_epoch_is_kept_whatever_it_scores():
    state = after([(1.0, 0.5), (0.2, 0.8), (0.9, 0.7)], plan())

    assert (state.kept_phase, state.kept_epoch) == (Phase.HEAD, 3)
    assert (state.kept_accuracy, state.kept_loss) == (state.accuracy, state.loss) == (0.7, 0.9)


def test_a_phase_ends_after_its_patience_without_progress():
    state = after([(1.0, 0.5), (1.1, 0.5), (1.2, 0.4)], plan(patience=2))

    assert state.finished
    assert state.picked_end
    assert state.kept_epoch == 3


def test_a_phase_that_ends_with_its_last_epoch_was_not_ended_by_the_validation_images():
    assert not after([(1.0, 0.5), (1.1, 0.5)], plan(patience=1, epochs=2)).picked_end
    entered = schedules.enter(after([(1.0, 0.5)] * 2, plan(patience=1)), Phase.FINE_TUNE)
    assert (entered.finished, entered.picked_end) == (False, True)


def test_a_falling_loss_is_progress_though_the_accuracy_stands_still():
    state = after([(1.0, 0.5), (0.9, 0.5), (0.8, 0.5), (0.7, 0.5)], plan(patience=1))

    assert not state.finished


def test_without_patience_a_phase_never_ends_early():
    state = after([(1.0, 0.5)] + [(2.0, 0.1)] * 30, plan())

    assert not state.finished
    assert not state.picked_end


def test_on_a_plateau_the_rate_falls_and_never_below_its_floor():
    flat = [(1.0, 0.5)] * 40
    chosen = plan(schedule="plateau")

    assert after(flat[:2], chosen).factor == 1.0
    assert after(flat[:3], chosen).factor == schedules.PLATEAU_FACTOR
    assert after(flat, chosen).factor == schedules.PLATEAU_FLOOR


def test_while_it_fine_tunes_the_head_is_kept():
    state = schedules.enter(after([(0.5, 0.9)], plan()), Phase.FINE_TUNE)

    tuned = plan(phase=Phase.FINE_TUNE)
    state = schedules.advance(state, tuned, metrics(1, 0.8, 0.7, Phase.FINE_TUNE))

    assert (state.kept_phase, state.kept_epoch, state.kept_accuracy) == (Phase.HEAD, 1, 0.9)
    assert (state.loss, state.accuracy) == (0.8, 0.7)
    assert (state.phase, state.epoch, state.num_epochs) == (Phase.FINE_TUNE, 1, 2)
    assert state.phase_accuracy == 0.7
