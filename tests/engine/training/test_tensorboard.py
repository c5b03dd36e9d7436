from pathlib import Path

import pytest

from core.engine.training.tensorboard import Events, Metrics
from core.records import BatchMetrics, EpochMetrics, Phase, TrainConfig

pytestmark = pytest.mark.engine
CONFIG = TrainConfig(dataset_id="photos", epochs=2, fine_tune_epochs=2)


def epoch(phase: Phase, number: int, loss: float) -> EpochMetrics:
    return EpochMetrics(
        phase=phase,
        epoch=number,
        loss=loss,
        accuracy=0.5,
        val_loss=loss + 1,
        val_accuracy=0.25,
        learning_rate=1e-3,
        seconds=1.0,
    )


def batch(phase: Phase, number: int, done: int) -> BatchMetrics:
    return BatchMetrics(
        phase=phase,
        epoch=number,
        batch=done,
        num_batches=10,
        loss=0.7,
        accuracy=0.5,
        learning_rate=1e-3,
    )


def write(folder: Path, *new: Metrics, kept: tuple[Metrics, ...] = ()) -> None:
    events = Events(folder, CONFIG, kept)
    for metrics in new:
        events.draw(metrics)
    events.close()


def read(folder: Path, tag: str) -> dict[int, float]:
    """What TensorBoard itself would show: step -> value."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    shown = EventAccumulator(str(folder)).Reload()
    if tag not in shown.Tags()["tensors"]:
        return {}
    return {event.step: float(make_ndarray(event.tensor_proto)) for event in shown.Tensors(tag)}


def test_tensorboard_reads_losses_of_both_phases_in_one_line(tmp_path: Path):
    write(
        tmp_path,
        epoch(Phase.HEAD, 1, 4),
        epoch(Phase.HEAD, 2, 3),
        epoch(Phase.FINE_TUNE, 1, 2),
    )

    assert read(tmp_path / "train", "epoch_loss") == {1: 4, 2: 3, 3: 2}
    assert read(tmp_path / "validation", "epoch_loss") == {1: 5, 2: 4, 3: 3}


def test_points_within_an_epoch_have_steps_of_their_own(tmp_path: Path):
    write(tmp_path, batch(Phase.HEAD, 1, 4), batch(Phase.HEAD, 2, 4), batch(Phase.FINE_TUNE, 1, 1))

    assert list(read(tmp_path / "train", "batch_loss")) == [4, 14, 21]


def test_after_an_interruption_no_epoch_is_drawn_twice(tmp_path: Path):
    first = epoch(Phase.HEAD, 1, 4)
    write(tmp_path, first, epoch(Phase.HEAD, 2, 99))

    write(tmp_path, epoch(Phase.HEAD, 2, 3), kept=(first,))

    assert read(tmp_path / "train", "epoch_loss") == {1: 4, 2: 3}
    assert len(list((tmp_path / "train").iterdir())) == 1


def test_the_configuration_stands_beside_the_curves(tmp_path: Path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    write(tmp_path)

    shown = EventAccumulator(str(tmp_path / "train")).Reload()
    (text,) = shown.Tensors("config")
    assert b"| dataset_id | `photos` |" in text.tensor_proto.string_val[0]
