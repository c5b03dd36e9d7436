"""A solved head: watched as epochs are, kept when stopped, started again when cut off, saved."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

import keras
import numpy as np
import pytest

from core import files, runs
from core.datasets import head_scores
from core.engine.features.feature_cache import Stopped
from core.engine.loop import checkpoint, solving
from core.engine.loop.batches import Part
from core.engine.loop.schedules import TrainingState
from core.errors import UserError
from core.judging.head import LinearHead
from core.records import EpochMetrics, HeadScore, ModelCard, Phase
from core.words import Message
from core.workspace import Workspace
from tests.engine import jobs
from tests.engine.jobs import TINY, Killed, kill

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: each of its conversions of a variable says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
SOLVED = replace(TINY, optimizer="solve", freeze="all", fine_tune_epochs=0, class_weights=True)
FIRST = TrainingState(batch_size=8)


@dataclass
class Rows:
    """Features in memory, of three views each: a view is the image, moved a little."""

    values: np.ndarray
    num_views: int = 3
    streamed: bool = True

    @property
    def num_images(self) -> int:
        return len(self.values)

    def batch(self, rows: np.ndarray, views: np.ndarray) -> np.ndarray:
        return (self.values[rows] + 0.1 * views[:, None]).astype(np.float16)


@dataclass
class Heard:
    """What a solve said; it is stopped once so many iterations were told."""

    stop_after: int = 10**9
    told: list[EpochMetrics] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    scores: list[HeadScore] = field(default_factory=list)
    named_in: list[tuple[Phase, int, np.ndarray]] = field(default_factory=list)

    def log(self, sentence: Message) -> None:
        self.said.append(str(sentence))

    def progress(self, share: float, **seen: Any) -> None:
        self.shares.append(share)

    def metrics(self, metrics: EpochMetrics) -> None:
        self.told.append(metrics)

    def named(self, phase: Phase, epoch: int, named: np.ndarray) -> None:
        self.named_in.append((phase, epoch, named))

    def score(self, held_back: HeadScore) -> None:
        self.scores.append(held_back)

    def stop(self) -> bool:
        return len(self.told) >= self.stop_after


def part(num: int, seed: int, classes: int = 3, *, apart: float = 1.5) -> Part:
    labels = np.arange(num, dtype=np.int32) % classes
    noise = np.random.default_rng(seed).normal(size=(num, 8))
    values = 5 + np.eye(classes, 8)[labels] * apart + noise
    return Part(Rows(values), labels, np.ones(num, np.float32))  # type: ignore[arg-type]


def task(num: int = 60, **changed: Any) -> solving.HeadTask:
    given: dict[str, Any] = {
        "train": part(num, 1),
        "validation": part(30, 2),
        "contents": [f"{i:04d}" for i in range(num)],
        "groups": [""] * num,
        "num_classes": 3,
        "num_views": 1,
        "is_quick": False,
    }
    return solving.HeadTask(**{**given, **changed})


def solved(heard: Heard, **changed: Any) -> tuple[TrainingState, LinearHead]:
    state, head = solving.solve(task(**changed), FIRST, heard)
    assert head is not None
    return state, head


def test_iterations_are_told_as_epochs_and_the_last_is_kept():
    heard = Heard()
    subject = task()

    state, head = solved(heard)

    numbers = [m.epoch for m in heard.told]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1
    assert heard.told[-1].loss < heard.told[0].loss
    assert {(m.phase, m.learning_rate, m.val_images) for m in heard.told} == {(Phase.HEAD, 0.0, 30)}
    last = heard.told[-1]
    assert (state.epoch, state.num_epochs, state.kept_epoch) == (last.epoch,) * 3
    assert (state.kept_loss, state.kept_accuracy) == (last.val_loss, last.val_accuracy)
    assert state.finished
    features = subject.validation.features.batch(np.arange(30), np.zeros(30, np.int64))
    said = head.probabilities(features)
    own = said[np.arange(30), subject.validation.labels]
    assert last.val_loss == pytest.approx(-np.log(own).mean(), abs=1e-5)
    assert last.val_accuracy == (said.argmax(axis=1) == subject.validation.labels).mean()
    assert [(phase, epoch) for phase, epoch, _ in heard.named_in] == [
        (Phase.HEAD, m.epoch) for m in heard.told
    ]
    assert heard.named_in[-1][2].tolist() == said.argmax(axis=1).tolist()
    assert heard.shares == sorted(heard.shares)
    assert heard.said[0].startswith("Strength of the decay, chosen by cross-validation")
    [score] = heard.scores
    assert score.contents == tuple(subject.contents)
    assert score.accuracy.images == 60
    assert score.accuracy.accuracy == sum(score.right) / 60 < last.accuracy  # of images unseen


def test_a_score_is_less_sure_where_images_come_in_groups():
    alone, grouped = Heard(), Heard()

    solved(alone, train=part(60, 1, apart=0.5))
    solved(grouped, train=part(60, 1, apart=0.5), groups=[f"burst {i // 12}" for i in range(60)])

    one, other = alone.scores[0].accuracy, grouped.scores[0].accuracy
    assert other.high - other.low > 1.2 * (one.high - one.low)
    assert grouped.scores[0].groups[:13] == ("burst 0",) * 12 + ("burst 1",)


def test_the_seed_of_a_run_is_no_part_of_what_a_head_is_solved_from():
    first, second = (solved(Heard())[1] for _ in range(2))

    assert "seed" not in {f.name for f in fields(solving.HeadTask)}
    assert np.array_equal(first.kernel, second.kernel)
    assert np.array_equal(first.bias, second.bias)


def test_of_many_iterations_some_are_told():
    told = [number for number in range(1, 501) if solving._is_told(number)]

    assert len(told) < 150
    assert told[:3] == [1, 2, 3]


def test_that_iterations_are_left_out_of_what_is_told_is_said_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(solving, "_ALL_TOLD", 3)
    heard = Heard()

    solved(heard)

    numbers = [metrics.epoch for metrics in heard.told]
    assert numbers[:3] == [1, 2, 3]
    assert 4 not in numbers[:-1]
    assert (
        len([said for said in heard.said if said.startswith("From iteration 4 on one in 5")]) == 1
    )
    short = Heard(stop_after=2)
    solved(short)
    assert not [said for said in short.said if said.startswith("From iteration")]


def test_a_stop_keeps_the_iterate_under_way():
    heard = Heard(stop_after=2)

    state, head = solved(heard)

    assert not state.finished
    assert state.epoch == heard.told[-1].epoch <= 4
    assert np.isfinite(head.kernel).all()


def test_a_stop_before_the_first_iterate_leaves_nothing():
    with pytest.raises(Stopped):
        solving.solve(task(), FIRST, Heard(stop_after=0))


def test_the_same_data_give_the_same_head_whatever_else_there_is():
    _, one = solved(Heard())
    _, other = solved(Heard())
    _, quick = solved(Heard(), is_quick=True)

    assert np.array_equal(one.kernel, other.kernel)
    assert quick.kernel.shape == one.kernel.shape


def test_views_are_learned_from_and_weights_count():
    _, plain = solved(Heard())
    _, viewed = solved(Heard(), num_views=3)
    heavy = replace(task().train, weights=np.linspace(0.1, 2, 60).astype(np.float32))
    _, weighed = solved(Heard(), train=heavy)

    assert not np.allclose(plain.kernel, viewed.kernel)
    assert not np.allclose(plain.kernel, weighed.kernel)


def test_features_that_are_no_numbers_are_refused_in_a_sentence():
    broken = part(60, 1)
    broken.features.values[3] = np.nan  # type: ignore[attr-defined]

    with pytest.raises(UserError, match="not finite numbers"):
        solved(Heard(), train=broken)


@pytest.fixture(scope="module")
def solved_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    """A run whose process was killed in the midst of the solve, and that went on."""
    ws = Workspace(tmp_path_factory.mktemp("solved"))
    whole, _ = jobs.run(ws, SOLVED)
    run_id = runs.create(ws, SOLVED)
    with pytest.raises(Killed):
        jobs.run(
            ws, SOLVED, run_id=run_id, stop=lambda: len(runs.epochs(ws, run_id)) == 2 and kill()
        )
    assert len(runs.epochs(ws, run_id)) == 2
    assert checkpoint.latest(ws.run(run_id).checkpoints) is None
    _, ended = jobs.run(ws, SOLVED, run_id=run_id)
    assert ended == "done"
    assert jobs.history(ws, run_id) == jobs.history(ws, whole)
    assert all(map(np.array_equal, jobs.values(ws, run_id), jobs.values(ws, whole)))
    return ws, run_id


def test_a_solve_that_was_cut_off_starts_again_and_its_points_stand_once(
    solved_run: tuple[Workspace, str],
):
    ws, run_id = solved_run

    epochs = [e.epoch for e in runs.epochs(ws, run_id)]
    assert epochs == sorted(set(epochs))
    score = head_scores.read(ws, SOLVED)
    assert score is not None
    assert score.accuracy.images == len(score.contents) > 5
    card = files.read_record(ws.run(run_id).card, ModelCard)
    assert (card.kept_epoch, card.num_epochs) == (epochs[-1], epochs[-1])
    assert any("The head was solved in" in s for s in jobs.sentences(ws, run_id))


def test_the_saved_model_holds_the_unit_length_and_answers_as_the_solve_did(
    solved_run: tuple[Workspace, str],
):
    ws, run_id = solved_run
    run = runs.get(ws, run_id)
    kinds = [type(layer) for layer in jobs.model(ws, run_id).layers]

    assert keras.layers.UnitNormalization in kinds
    assert run.card is not None
    assert run.card.validation.accuracy == pytest.approx(run.epochs[-1].val_accuracy)
    said = " ".join(jobs.sentences(ws, run_id))
    assert "Error" not in said
    assert "OpenVINO answers differently" not in said


def test_one_sigmoid_is_solved_and_fine_tuned_after_a_kill(ws: Workspace):
    config = replace(TINY, optimizer="solve", output="sigmoid", fine_tune_epochs=2)
    run_id = runs.create(ws, config)
    with pytest.raises(Killed):
        jobs.run(
            ws,
            config,
            run_id=run_id,
            stop=lambda: (
                any(e.phase is Phase.FINE_TUNE for e in runs.epochs(ws, run_id)) and kill()
            ),
        )
    head = [e for e in jobs.history(ws, run_id) if e.phase is Phase.HEAD]

    _, ended = jobs.run(ws, config, run_id=run_id)

    history = jobs.history(ws, run_id)
    assert ended == "done"
    assert [e for e in history if e.phase is Phase.HEAD] == head
    assert [e.epoch for e in history if e.phase is Phase.FINE_TUNE] == [1, 2]
    assert jobs.model(ws, run_id).output_shape == (None, 1)
    said = " ".join(jobs.sentences(ws, run_id))
    assert f"it goes on after {len(head) + 1} whole epochs" in said
    assert "it goes on with the head that was solved" not in said


def test_a_run_learns_from_its_validation_images_too(ws: Workspace):
    config = replace(TINY, optimizer="solve", fine_tune_epochs=1, train_on="train+validation")

    run_id, ended = jobs.run(ws, config)

    run = runs.get(ws, run_id)
    assert ended == "done"
    assert run.card is not None
    assert (run.card.validation, run.card.num_train, run.card.picked) == (None, 34, ())
    assert (run.card.kept_phase, run.card.kept_epoch) == (Phase.FINE_TUNE, 1)
    assert {epoch.val_accuracy for epoch in run.epochs} == {None}
    said = " ".join(jobs.sentences(ws, run_id))
    assert "the training and the validation images together, 34 in all" in said
    assert "validation images rightly" not in said


def test_a_stopped_solve_is_a_stopped_run_with_a_model(ws: Workspace):
    config = replace(SOLVED, fine_tune_epochs=2, freeze="block4")
    run_id = runs.create(ws, config)

    _, ended = jobs.run(ws, config, run_id=run_id, stop=lambda: len(runs.epochs(ws, run_id)) >= 2)

    card = files.read_record(ws.run(run_id).card, ModelCard)
    assert ended == "stopped"
    assert card.kept_epoch == card.num_epochs == runs.epochs(ws, run_id)[-1].epoch < 6
