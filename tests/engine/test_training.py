"""The loop of a phase: what is reported, kept and restored, and a loss that is no number."""

from dataclasses import dataclass, field, replace

import keras
import numpy as np
import pytest

from core.engine import schedules, training
from core.engine.batches import Part
from core.engine.schedules import Standing
from core.engine.steps import Learner
from core.engine.training import Trainer, Watch
from core.errors import UserError
from core.records import BatchMetrics, EpochMetrics, Phase, TrainConfig

pytestmark = pytest.mark.engine

CONFIG = TrainConfig(dataset_id="d", epochs=4, batch_size=4, learning_rate=0.5, optimizer="sgd")


@dataclass
class Rows:
    """Features in memory: one number for each class, or nothing that is a number."""

    labels: np.ndarray
    broken: bool = False
    shape: tuple[int, ...] = (3,)

    def batch(self, rows: np.ndarray, views: np.ndarray) -> np.ndarray:
        given = np.eye(3, dtype=np.float32)[self.labels[rows]]
        return given * np.nan if self.broken else given

    def epoch_views(self, seed: int, epoch: int) -> np.ndarray:
        return np.zeros(len(self.labels), np.int64)


@dataclass
class Heard:
    """What a loop said."""

    lines: list[EpochMetrics | BatchMetrics] = field(default_factory=list)
    kept: list[Standing] = field(default_factory=list)


def part(*, broken: bool = False) -> Part:
    labels = np.arange(11, dtype=np.int32) % 3
    return Part(Rows(labels, broken), labels, np.ones(11, np.float32))  # type: ignore[arg-type]


def trainer(heard: Heard) -> Trainer:
    inputs = keras.Input((3,))
    dense = keras.layers.Dense(3, kernel_initializer="zeros")
    learner = Learner(
        keras.Model(inputs, dense(inputs)), dense.trainable_variables, optimizer="sgd"
    )
    return Trainer(
        plan=schedules.plan_of(CONFIG, Phase.HEAD),
        learner=learner,
        dropouts=[],
        watch=Watch(
            report=heard.lines.append,
            stop=lambda: False,
            keep=lambda standing, state, best: heard.kept.append(standing),
        ),
        best=learner.values,
    )


def test_a_phase_learns_and_keeps_each_epoch():
    heard = Heard()
    subject = trainer(heard)

    standing = training.fit(subject, Standing(batch_size=4), train=part(), validation=part())

    epochs = [line for line in heard.lines if isinstance(line, EpochMetrics)]
    assert [e.epoch for e in epochs] == [s.epoch for s in heard.kept] == [1, 2, 3, 4]
    assert epochs[-1].val_loss < epochs[0].val_loss < np.log(3)
    assert epochs[-1].accuracy == epochs[-1].val_accuracy == 1.0
    assert standing.best_epoch == 4
    assert np.array_equal(subject.best[0], subject.learner.values[0])


def test_the_first_batch_is_reported_at_once():
    heard = Heard()

    training.fit(trainer(heard), Standing(batch_size=4), train=part(), validation=part())

    first = heard.lines[0]
    assert isinstance(first, BatchMetrics)
    assert (first.epoch, first.batch, first.num_batches) == (1, 1, 3)


@pytest.mark.parametrize("asked_in", [1, 2])
def test_a_stop_during_validation_gives_that_epoch_up_unless_it_is_the_first(asked_in: int):
    heard, looks = Heard(), []

    @dataclass
    class Watched(Rows):
        def batch(self, rows: np.ndarray, views: np.ndarray) -> np.ndarray:
            looks.append(len(heard.kept) + 1)
            return super().batch(rows, views)

    subject, unseen = trainer(heard), part()
    subject.watch = replace(subject.watch, stop=lambda: asked_in in looks)
    watched = replace(unseen, features=Watched(unseen.labels))  # type: ignore[arg-type]

    standing = training.fit(subject, Standing(batch_size=4), train=part(), validation=watched)

    assert (standing.epoch, standing.best_epoch) == (1, 1)


def test_a_loss_that_is_no_number_ends_with_a_lower_rate_to_try():
    with pytest.raises(UserError, match=r"no longer a number in epoch 1.*Try a .* of 0\.05"):
        training.fit(
            trainer(Heard()), Standing(batch_size=4), train=part(broken=True), validation=part()
        )


def test_with_a_good_epoch_behind_it_such_a_loss_ends_the_phase_only():
    heard = Heard()
    good = replace(Standing(batch_size=4), best_epoch=1, best_loss=0.3, best_accuracy=0.9)

    ended = training.fit(trainer(heard), good, train=part(broken=True), validation=part())

    assert ended.finished
    assert ended.best_epoch == 1
    assert heard.lines == []
