"""The loop of a phase: what is reported, kept and restored, and a loss that is no number."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import keras
import numpy as np
import pytest

from core.engine.loop import fitting, schedules
from core.engine.loop.batches import Batches, Part
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.choosing import choose
from core.engine.loop.fitting import Trainer
from core.engine.loop.schedules import TrainingState
from core.engine.loop.steps import Learner, Sums
from core.errors import UserError
from core.records import BatchMetrics, EpochMetrics, Phase, TrainConfig

pytestmark = pytest.mark.engine

CONFIG = TrainConfig(dataset_id="d", epochs=4, batch_size=4, learning_rate=0.5, optimizer="sgd")


@dataclass
class Rows:
    """Features in memory: one number for each class, times a scale; says what was read of it."""

    labels: np.ndarray
    scale: float = 1.0
    shape: tuple[int, ...] = (3,)
    seen: list[tuple[int, int]] = field(default_factory=list)  # row and view

    def batch(self, rows: np.ndarray, views: np.ndarray) -> np.ndarray:
        self.seen += zip(rows.tolist(), views.tolist(), strict=True)
        return np.eye(3, dtype=np.float32)[self.labels[rows]] * self.scale

    def epoch_views(self, seed: int, epoch: int) -> np.ndarray:
        return np.random.default_rng([seed, epoch]).integers(0, 1000, len(self.labels))


@dataclass
class Heard:
    """What a loop said."""

    lines: list[EpochMetrics | BatchMetrics] = field(default_factory=list)
    kept: list[TrainingState] = field(default_factory=list)
    saved: list[Checkpoint] = field(default_factory=list)
    names: list[tuple[Phase, int, list[int]]] = field(default_factory=list)

    @property
    def epochs(self) -> list[EpochMetrics]:
        return [line for line in self.lines if isinstance(line, EpochMetrics)]

    def metrics(self, metrics: EpochMetrics | BatchMetrics) -> None:
        self.lines.append(metrics)

    def named(self, phase: Phase, epoch: int, named: np.ndarray) -> None:
        self.names.append((phase, epoch, named.tolist()))

    def stop(self) -> bool:
        return False

    def save(self, checkpoint: Checkpoint) -> None:
        self.kept.append(checkpoint.state)
        self.saved.append(checkpoint)


class Watched(Learner):
    """Notes the rate of each batch that it learns from."""

    def train(self, batches: Batches, rates: np.ndarray) -> Sums:
        self.rates = [*getattr(self, "rates", []), *rates.tolist()]
        return super().train(batches, rates)


def part(*, num: int = 11, scale: float = 1.0) -> Part:
    labels = np.arange(num, dtype=np.int32) % 3
    return Part(Rows(labels, scale), labels, np.ones(num, np.float32))  # type: ignore[arg-type]


def trainer(
    heard: Heard, config: TrainConfig = CONFIG, *, phase: Phase = Phase.HEAD, dropout: float = 0.0
) -> Trainer:
    inputs = keras.Input((3,))
    drop = keras.layers.Dropout(dropout, seed=0)
    dense = keras.layers.Dense(3, kernel_initializer="zeros", use_bias=False)
    model = keras.Model(inputs, dense(drop(inputs)))
    learner = Watched(model, dense.trainable_variables, optimizer="sgd")
    return Trainer(
        plan=schedules.plan_of(config, phase),
        learner=learner,
        dropouts=[drop] if dropout else [],
        report=heard,
        save=heard.save,
    )


def fit(subject: Trainer, state: TrainingState, *, train: Part, validation: Part) -> TrainingState:
    """Train a phase from the values that the network has."""
    begun = fitting.begin(subject, state)
    return fitting.fit(subject, begun, train=train, validation=validation).state


def test_a_phase_learns_and_keeps_each_epoch():
    heard = Heard()
    subject = trainer(heard)

    state = fit(subject, TrainingState(batch_size=4), train=part(), validation=part())

    epochs = heard.epochs
    assert [e.epoch for e in epochs] == [s.epoch for s in heard.kept] == [1, 2, 3, 4]
    assert epochs[-1].val_loss < epochs[0].val_loss < np.log(3)
    assert epochs[-1].accuracy == epochs[-1].val_accuracy == 1.0
    assert (state.kept_epoch, state.kept_loss) == (4, epochs[-1].val_loss)
    assert np.array_equal(heard.saved[-1].values[0], subject.learner.values[0])
    assert heard.saved[-1].right.tolist() == [True] * 11
    assert [name[:2] for name in heard.names] == [(Phase.HEAD, n) for n in (1, 2, 3, 4)]
    assert heard.names[-1][2] == [0, 1, 2] * 3 + [0, 1]  # as they are


def test_fine_tuning_notes_how_each_image_was_named_before_it_and_after_each_epoch():
    heard = Heard()
    subject = trainer(heard, replace(CONFIG, fine_tune_epochs=2), phase=Phase.FINE_TUNE)
    beginning = TrainingState(batch_size=4, phase=Phase.FINE_TUNE)

    fit(subject, beginning, train=part(), validation=part())

    first, last = heard.saved
    names_class_0 = [True, False, False] * 3 + [True, False]  # as zeros do
    assert first.right_before.tolist() == last.right_before.tolist() == names_class_0
    assert not any(map(np.any, last.before))
    assert last.right.mean() == last.state.accuracy == 1.0
    heard.saved.clear()
    again = fitting.fit(subject, first, train=part(), validation=part())
    assert again.right_before is first.right_before
    assert [s.state.epoch for s in heard.saved] == [2]


@pytest.mark.parametrize("phase", list(Phase))
def test_without_validation_images_nothing_is_judged_and_the_last_epoch_is_kept(phase: Phase):
    heard = Heard()
    subject = trainer(heard, replace(CONFIG, fine_tune_epochs=2, patience=1), phase=phase)
    beginning = TrainingState(batch_size=4, phase=phase, kept_epoch=phase is Phase.FINE_TUNE)

    begun = fitting.begin(subject, beginning)
    left = fitting.fit(subject, begun, train=part(), validation=None)

    assert {(e.val_loss, e.val_accuracy, e.val_images) for e in heard.epochs} == {(None, None, 0)}
    state, values = choose(left, ())
    assert (state.kept_phase, state.kept_epoch) == (phase, heard.epochs[-1].epoch)
    assert values is left.values
    assert state.tuned is None


def test_a_stop_before_fine_tuning_has_been_judged_leaves_its_beginning():
    heard, calls = Heard(), iter(range(100))
    subject = trainer(heard, replace(CONFIG, fine_tune_epochs=2), phase=Phase.FINE_TUNE)
    heard.stop = lambda: next(calls) > 0  # type: ignore[method-assign]
    state = TrainingState(batch_size=4, phase=Phase.FINE_TUNE, kept_epoch=1)

    begun = fitting.begin(subject, state)
    left = fitting.fit(subject, begun, train=part(), validation=part())

    assert left is begun
    assert heard.lines == []


def test_the_first_batch_is_reported_at_once():
    heard = Heard()

    fit(trainer(heard), TrainingState(batch_size=4), train=part(), validation=part())

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
    heard.stop = lambda: asked_in in looks  # type: ignore[method-assign]
    watched = replace(unseen, features=Watched(unseen.labels))  # type: ignore[arg-type]

    state = fit(subject, TrainingState(batch_size=4), train=part(), validation=watched)

    assert (state.epoch, state.kept_epoch) == (1, 1)


def test_a_loss_that_is_no_number_ends_with_a_lower_rate_to_try():
    with pytest.raises(UserError, match=r"no longer a number in epoch 1.*Try a .* of 0\.05"):
        fit(
            trainer(Heard()),
            TrainingState(batch_size=4),
            train=part(scale=np.nan),
            validation=part(),
        )


def test_with_a_good_epoch_behind_it_such_a_loss_ends_the_phase_only():
    heard = Heard()
    good = replace(TrainingState(batch_size=4), kept_epoch=1, kept_loss=0.3, kept_accuracy=0.9)
    subject = trainer(heard)

    ended = fit(subject, good, train=part(scale=np.nan), validation=part())

    assert ended.finished
    assert not ended.picked_end
    assert ended.kept_epoch == 1
    assert heard.lines == []
    assert np.isfinite(heard.saved[-1].values[0]).all()
    assert np.isnan(subject.learner.values[0]).any()


@dataclass
class Clock:
    """A clock that stands still but for what learning takes."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now


def test_batches_are_reported_a_few_times_a_second(monkeypatch: pytest.MonkeyPatch):
    clock, told, heard = Clock(), [], Heard()
    monkeypatch.setattr(fitting, "time", clock)
    subject = trainer(heard)
    heard.metrics = lambda line: told.append((clock.now, line))  # type: ignore[method-assign]
    subject.learner.train = lambda *given: slowly(clock, 0.1, lambda: Sums(1.0, 1.0, 4.0))

    fit(subject, TrainingState(batch_size=4), train=part(num=160), validation=part())

    times = [now for now, line in told if isinstance(line, BatchMetrics)]
    assert len(times) > 20  # in sixteen seconds
    assert min(np.diff(times)) >= 0.25


def slowly(clock: Clock, seconds: float, work: Callable[[], Sums]) -> Sums:
    clock.now += seconds
    return work()


def test_a_stop_is_heard_within_an_epoch():
    heard = Heard()
    subject = trainer(heard)
    heard.stop = lambda: bool(heard.lines)  # type: ignore[method-assign]

    state = fit(subject, TrainingState(batch_size=4), train=part(num=400), validation=part())

    assert state.epoch == 0
    assert len(subject.learner.rates) < 100


@pytest.mark.parametrize("phase", list(Phase))
def test_every_batch_is_learned_at_its_own_rate(phase: Phase):
    heard = Heard()
    config = replace(CONFIG, schedule="cosine", fine_tune_epochs=4, fine_tune_learning_rate=0.5)
    subject = trainer(heard, config, phase=phase)

    fit(subject, TrainingState(batch_size=4, phase=phase), train=part(), validation=part())

    expected = 0.25 * (1 + np.cos(np.pi * np.arange(12) / 12))
    assert subject.learner.rates == pytest.approx(expected.tolist())
    assert [e.learning_rate for e in heard.epochs] == pytest.approx(expected[2::3].tolist())


def test_the_warm_up_of_fine_tuning_reaches_the_batches():
    config = replace(CONFIG, fine_tune_epochs=4, fine_tune_learning_rate=0.5)
    subject = trainer(Heard(), config, phase=Phase.FINE_TUNE)

    fit(subject, TrainingState(batch_size=1), train=part(num=5), validation=part())

    assert subject.learner.rates == pytest.approx([0.25] + [0.5] * 19)


def test_on_a_plateau_the_rate_falls_also_after_an_interruption():
    config, nothing = replace(CONFIG, epochs=7, schedule="plateau"), part(scale=0)
    heard, again = Heard(), Heard()
    fit(trainer(heard, config), TrainingState(batch_size=4), train=nothing, validation=nothing)

    fitting.fit(trainer(again, config), heard.saved[3], train=nothing, validation=nothing)

    rates = [e.learning_rate for e in heard.epochs]
    assert rates == pytest.approx([0.5, 0.5, 0.5, 0.15, 0.15, 0.045, 0.045])
    assert [e.learning_rate for e in again.epochs] == rates[4:]
    assert again.kept == heard.kept[4:]


def test_a_phase_ends_when_its_patience_does():
    config, nothing = replace(CONFIG, epochs=9, patience=3), part(scale=0)
    heard = Heard()

    fit(trainer(heard, config), TrainingState(batch_size=4), train=nothing, validation=nothing)

    assert len(heard.epochs) == 4


CHANCES = [(seed, phase) for seed in (1, 5) for phase in Phase]


def looks(seed: int, phase: Phase) -> list[list[tuple[int, int]]]:
    """Give the images and views learned from, epoch by epoch."""
    config, given = replace(CONFIG, seed=seed, fine_tune_epochs=4), part()
    fit(
        trainer(Heard(), config, phase=phase),
        TrainingState(batch_size=4, phase=phase),
        train=given,
        validation=part(),
    )
    seen = given.features.seen  # type: ignore[attr-defined]
    return [seen[start : start + len(given)] for start in range(0, len(seen), len(given))]


def test_order_and_views_are_new_in_every_epoch_and_phase_and_for_every_seed():
    epochs = [epoch for chance in CHANCES for epoch in looks(*chance)]

    orders = {tuple(row for row, _ in epoch) for epoch in epochs}
    views = {tuple(view for _, view in sorted(epoch)) for epoch in epochs}
    assert all(sorted(order) == list(range(11)) for order in orders)
    assert len(orders) == len(views) == len(epochs) == 16
    assert looks(*CHANCES[1]) == epochs[4:8]


def test_what_is_validated_is_the_images_themselves():
    unseen = part()

    fit(trainer(Heard()), TrainingState(batch_size=4), train=part(), validation=unseen)

    assert unseen.features.seen == [(row, 0) for row in range(11)] * 4  # type: ignore[attr-defined]


class Alike(Rows):
    """The same three numbers for every image."""

    def batch(self, rows: np.ndarray, views: np.ndarray) -> np.ndarray:
        return np.full((len(rows), 3), (0.1, 0.5, 0.7), np.float32)


def masked(seed: int, phase: Phase) -> list[float]:
    """Give the losses of epochs that differ in nothing but what dropout takes away."""
    heard, config = Heard(), replace(CONFIG, seed=seed, fine_tune_epochs=4)
    subject = trainer(heard, config, phase=phase, dropout=0.5)
    subject.plan = replace(subject.plan, peak=0.0)
    subject.learner.values = [np.random.default_rng(0).normal(size=(3, 3))]
    labels = np.zeros(99, np.int32)
    alike = Part(Alike(labels), labels, np.ones(99, np.float32))  # type: ignore[arg-type]
    fit(subject, TrainingState(batch_size=4, phase=phase), train=alike, validation=alike)
    return [e.loss for e in heard.epochs]


def test_dropout_is_new_in_every_epoch_and_phase_and_for_every_seed():
    losses = [loss for chance in CHANCES for loss in masked(*chance)]

    assert len(losses) == len(set(losses)) == 16
    assert masked(*CHANCES[1]) == losses[4:8]
